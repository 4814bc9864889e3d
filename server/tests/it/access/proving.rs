//! Proving oneself anew before what would do most harm, and helping people who lost their second factor.

use app::guard::PROVEN;
use axum::http::{Method, StatusCode};
use backend::access::factors::remove::remove_of_person;
use backend::testing::{active_account, app_code, student};
use chrono::TimeDelta;
use domain::access::role::Role;
use domain::ids::{AccountId, PersonId};
use server::http::declared;
use sqlx::PgPool;

use super::forgetting::{mailbox, person_of};
use super::{PASSWORD, Scene};
use crate::browser::Browser;

const LONG: TimeDelta = TimeDelta::minutes(15);

/// An administrator of all schools.
struct Admin {
    account: AccountId,
    browser: Browser,
}

async fn admin(scene: &Scene) -> Admin {
    let person =
        student(&scene.backend, &scene.school, "Ines", "Marchetti", "2000", Some("ines@example.org")).await;
    let account = active_account(&scene.backend, &scene.school, person, "i.marchetti", PASSWORD).await;
    role_everywhere(scene, person, Role::Administrator).await;
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("i.marchetti", PASSWORD).await;
    Admin { account, browser }
}

async fn role_everywhere(scene: &Scene, person: PersonId, role: Role) {
    sqlx::query("INSERT INTO staff_roles (id, organisation_id, person_id, role, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(scene.backend.new_id::<uuid::Uuid>())
        .bind(scene.school.organisation.0)
        .bind(person.0)
        .bind(role.slug())
        .bind(scene.backend.now())
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
}

/// Sets up an app for whoever is signed in.
pub(super) async fn set_up(scene: &Scene, browser: &mut Browser, account: AccountId) {
    browser.get("/account/security/app").await;
    let code = app_code(&scene.backend, account).await;
    let done = browser.post("/account/security/app", &[("code", &code)]).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    scene.clock.advance(TimeDelta::seconds(30));
}

async fn apps(scene: &Scene) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM authenticators WHERE confirmed_at IS NOT NULL")
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap()
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn whatever_asks_for_a_proof_gets_no_further_without_one(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let Admin { mut browser, .. } = admin(&scene).await;
    scene.clock.advance(LONG);
    for endpoint in PROVEN {
        let own = [("sec-fetch-site", "same-origin")];
        let asked = browser.send(Method::POST, &format!("/api/{endpoint}"), Some(&[]), &own).await;
        assert_eq!(asked.status, StatusCode::PRECONDITION_REQUIRED, "{endpoint}");
    }
    let proven = declared(&scene.backend).into_iter().filter(|route| route.proven);
    let paths: Vec<String> =
        proven.map(|route| route.path.replace("{person}", "x").replace("{kind}", "x")).collect();
    assert!(
        paths.iter().any(|path| path == "/accounts/export") && paths.iter().any(|path| path == "/roles/take")
    );
    for path in paths {
        let asked = browser.post(&path, &[("id", "kept")]).await;
        assert!(asked.body.contains("Confirm it is you") && asked.body.contains("value=\"kept\""), "{path}");
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_form_goes_on_as_it_was_after_the_proof(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let Admin { account, mut browser } = admin(&scene).await;
    set_up(&scene, &mut browser, account).await;
    scene.clock.advance(LONG);
    let form = [("days", "7")];
    assert!(browser.post("/settings/second-factors", &form).await.body.contains("Confirm it is you"));
    let prove = async |browser: &mut Browser, proof: &str| {
        let form = [("proof", proof), ("proof_again", "/settings/second-factors"), ("days", "7")];
        browser.post("/account/prove", &form).await
    };
    // Who has a second factor shows it: the password is not enough.
    for wrong in ["", PASSWORD, "000000"] {
        let again = prove(&mut browser, wrong).await;
        assert!(
            again.body.contains("There is a problem") && again.body.contains("value=\"7\""),
            "{}",
            again.body
        );
    }
    let code = app_code(&scene.backend, account).await;
    let on = prove(&mut browser, &code).await;
    assert_eq!(
        (on.status, on.location()),
        (StatusCode::TEMPORARY_REDIRECT, Some("/settings/second-factors"))
    );
    let done = browser.post("/settings/second-factors", &form).await;
    assert_eq!(done.location(), Some("/settings/second-factors?done=saved"));
    assert!(browser.get("/settings/second-factors").await.body.contains("value=\"7\""));
    let refused = browser.post("/settings/second-factors", &[("days", "91")]).await;
    assert!(refused.body.contains("Choose 0 to 90 days."));
    let away = [("proof", "000000"), ("proof_again", "https://evil.example/")];
    assert!(!browser.post("/account/prove", &away).await.body.contains("evil.example"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn staff_remove_a_lost_second_factor_and_its_person_is_told(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let Admin { mut browser, .. } = admin(&scene).await;
    let mut student = Browser::new(&scene.backend);
    student.sign_in("a.okoronta", PASSWORD).await;
    set_up(&scene, &mut student, scene.account).await;
    let person = person_of(&scene, "a.okoronta").await;
    let page = browser.get(&format!("/roles/people/{person}")).await.body;
    assert!(page.contains("Authenticator app, 10 recovery codes left"), "{page}");
    let done = browser.post(&format!("/roles/people/{person}/second-factors"), &[]).await;
    assert_eq!(done.location(), Some(&*format!("/roles/people/{person}?done=factors")));
    assert_eq!(student.get("/portal").await.status, StatusCode::SEE_OTHER, "they are signed out");
    student.sign_in("a.okoronta", PASSWORD).await;
    assert_eq!(student.get("/portal").await.status, StatusCode::OK);
    let told: Vec<_> =
        mailbox(&scene).await.into_iter().filter(|(to, ..)| to.contains("ada@example.org")).collect();
    assert_eq!(told.len(), 2, "once for each change: {told:?}");
    assert!(told.iter().all(|(_, subject, text)| {
        subject.contains("How you sign in") && text.contains("Adaeze Okoronta (a.okoronta)")
    }));
    let written: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM audit_events WHERE action = 'second_factor_removed' AND person_id = $1",
    )
    .bind(person.0)
    .fetch_one(scene.backend.database.raw())
    .await
    .unwrap();
    assert_eq!(written, 1);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn nobody_removes_the_second_factor_of_someone_with_more_rights_or_without_the_permission_or_their_own(
    pool: PgPool,
) {
    let scene = Scene::new(pool).await;
    let Admin { account, mut browser } = admin(&scene).await;
    set_up(&scene, &mut browser, account).await;
    let person = person_of(&scene, "i.marchetti").await;
    for role in [Role::AccountManager, Role::OfficeViewer] {
        let actor = scene.school.actor(&scene.backend, role);
        assert!(remove_of_person(&scene.backend, &actor, person).await.is_err(), "{role:?}");
    }
    let own = browser.post(&format!("/roles/people/{person}/second-factors"), &[]).await;
    assert!(own.body.contains("on your security page"), "{}", own.body);
    assert_eq!(apps(&scene).await, 1);
}
