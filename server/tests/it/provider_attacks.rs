//! Attacks by way of a provider, through the router. What providers send is tested in browsers; here an identity that a
//! provider confirmed waits to be linked.

use axum::http::StatusCode;
use backend::authorization::roles::give::{RoleForm, give};
use backend::crypto::token_hash;
use backend::testing::{active_account, student};
use chrono::{DateTime, TimeDelta, Utc};
use domain::authorization::actor::Actor;
use domain::ids::AccountId;
use sqlx::PgPool;
use uuid::Uuid;

use crate::browser::Browser;
use crate::scene::{PASSWORD, Scene};

const SETTINGS: &str = "/settings/single-sign-on";
const ISSUER: &str = "http://127.0.0.1:9";

/// Staff of all schools, signed in to the office, with this role.
async fn staff(scene: &Scene, username: &str, role: &str) -> (AccountId, Browser) {
    let (backend, school) = (&scene.backend, &scene.school);
    let email = format!("{username}@example.org");
    let person = student(backend, school, "Ines", "Marchetti", username, Some(&email)).await;
    let account = active_account(backend, school, person, username, PASSWORD).await;
    let form = RoleForm { role: role.to_owned(), place: "all".to_owned(), ..RoleForm::default() };
    give(backend, &Actor::system(school.organisation), person, &form).await.unwrap();
    let mut browser = Browser::new(backend);
    browser.sign_in(username, PASSWORD).await;
    (account, browser)
}

fn provider_form<'a>(issuer: &'a str, secret: &'a str) -> [(&'a str, &'a str); 8] {
    [
        ("kind", "other"),
        ("name", "Quill ID"),
        ("issuer", issuer),
        ("client_id", "greencap"),
        ("client_secret", secret),
        ("domains", "example.org"),
        ("trusts_second_factor", "yes"),
        ("enabled", "yes"),
    ]
}

async fn add_provider(head: &mut Browser) -> String {
    let page = head.get(&format!("{SETTINGS}/new")).await.location().unwrap().to_owned();
    let saved = head.post(&page, &provider_form(ISSUER, "what they gave us")).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    page
}

/// A browser that came back from the provider, which vouches for the address of an account.
async fn came_back(scene: &Scene, address: &str, kept_at: DateTime<Utc>) -> Browser {
    let mut browser = Browser::new(&scene.backend);
    let token = Uuid::from_u128(u128::from(kept_at.timestamp().unsigned_abs()) + 1).to_string();
    sqlx::query(
        "INSERT INTO unlinked_identities
             (token_hash, organisation_id, provider_id, issuer, subject, address, verified, second_factor_shown, proven_at,
              expires_at, kept_at)
         SELECT $1, organisation_id, id, issuer, 'sub-1', $2, true, true, $3, $4, $3 FROM identity_providers",
    )
    .bind(token_hash(&token).as_slice())
    .bind(address)
    .bind(kept_at)
    .bind(kept_at + TimeDelta::minutes(10))
    .execute(scene.backend.database.raw())
    .await
    .unwrap();
    browser.cookies.insert("greencap-sign-in".to_owned(), token);
    browser
}

async fn links(scene: &Scene) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM linked_identities")
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap()
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn change_settings_is_not_a_way_to_administrator(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let custom = scene.backend.new_id::<Uuid>();
    sqlx::query("INSERT INTO custom_roles (id, organisation_id, name, permissions, created_at) VALUES ($1, $2, 'Technician', $3, $4)")
        .bind(custom)
        .bind(scene.school.organisation.0)
        .bind(["manage_settings"].as_slice())
        .bind(scene.backend.now())
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    let (_, mut technician) = staff(&scene, "t.vogel", &custom.to_string()).await;
    let (_, mut head) = staff(&scene, "i.marchetti", "administrator").await;
    let page = add_provider(&mut head).await;
    assert_eq!(technician.get(SETTINGS).await.status, StatusCode::OK, "they see it");
    let new = technician.get(&format!("{SETTINGS}/new")).await.location().unwrap().to_owned();
    for target in [&new, &page] {
        let saved = technician.post(target, &provider_form("http://127.0.0.1:8", "mine")).await;
        assert_eq!(saved.status, StatusCode::FORBIDDEN, "{target}");
    }
    for action in ["check", "relink", "remove"] {
        let answer = technician.post(&format!("{page}/{action}"), &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{action}");
    }
    for action in ["required", "addresses"] {
        let answer = technician.post(&format!("{SETTINGS}/{action}"), &[("any", "yes")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{action}");
    }
    assert!(head.get("/audit").await.body.contains("insufficient permissions"), "and it is an alert");
    let moved = head.post(&page, &provider_form("http://127.0.0.1:8", "")).await;
    assert!(moved.body.contains("The issuer changed."), "{}", moved.body);
    let again = head.post(&format!("{page}/relink"), &[]).await;
    assert_eq!(again.location(), Some(&*format!("{page}?done=relinked")));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_provider_alone_does_not_open_an_account_of_staff(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (account, mut head) = staff(&scene, "i.marchetti", "administrator").await;
    add_provider(&mut head).await;
    let mut guest = came_back(&scene, "i.marchetti@example.org", scene.backend.now()).await;
    let page = guest.get("/sign-in/verify").await.body;
    assert!(page.contains("Sign in first") && page.contains("next=%2Fsign-in%2Fwith%2F"), "{page}");
    assert!(!page.contains("Ines"), "nobody is named: {page}");
    let answer = guest.post("/sign-in/verify", &[("account", &account.to_string())]).await;
    assert_eq!(answer.location(), Some("/sign-in?said=again"));
    assert!(!guest.cookies.contains_key("greencap"));
    assert_eq!(links(&scene).await, 0);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn an_identity_that_waits_ends_with_every_other_way_in(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (_, mut head) = staff(&scene, "i.marchetti", "administrator").await;
    add_provider(&mut head).await;
    let mut guest = came_back(&scene, "ada@example.org", scene.backend.now()).await;
    assert!(guest.get("/sign-in/verify").await.body.contains("Adaeze"));
    scene.clock.advance(TimeDelta::minutes(1));
    let mut owner = Browser::new(&scene.backend);
    owner.sign_in("a.okoronta", PASSWORD).await;
    let form = [("current", PASSWORD), ("present", PASSWORD), ("password", "kettle orbit mustard")];
    let changed = owner.post("/account/password", &form).await;
    assert!(changed.status.is_redirection() || changed.body.contains("changed"), "{}", changed.body);
    scene.clock.advance(TimeDelta::minutes(1));
    let account = scene.account.to_string();
    let answer = guest.post("/sign-in/verify", &[("account", &account)]).await;
    assert_eq!(answer.location(), Some("/sign-in?said=again"));
    assert_eq!(links(&scene).await, 0);
    assert_eq!(owner.get("/portal").await.status, StatusCode::OK, "the owner stays signed in");
    let mut fresh = came_back(&scene, "ada@example.org", scene.backend.now()).await;
    fresh.post("/sign-in/verify", &[("account", &account)]).await;
    assert_eq!(links(&scene).await, 1, "proved since, it counts");
}
