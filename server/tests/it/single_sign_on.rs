//! Single sign-on through the router, as far as it works without a provider: settings, the texts of sign-in
//! and invitations, and invalid returns. Providers, correct and hostile, are tested in browsers.

use axum::http::StatusCode;
use backend::authorization::roles::give::{RoleForm, give};
use backend::testing::{active_account, student};
use domain::authorization::actor::Actor;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::invitations::activating::invited;
use crate::scene::{PASSWORD, Scene};

const SETTINGS: &str = "/settings/single-sign-on";
const SECRET: &str = "what the provider gave us";

/// Nothing listens there.
const NOBODY: &str = "http://127.0.0.1:9";

/// The administrator of all schools, signed in to the office.
async fn head(scene: &Scene) -> Browser {
    let person = student(&scene.backend, &scene.school, "Ines", "Marchetti", "2", None).await;
    active_account(&scene.backend, &scene.school, person, "i.marchetti", PASSWORD).await;
    let form = RoleForm { role: "administrator".to_owned(), place: "all".to_owned(), ..RoleForm::default() };
    give(&scene.backend, &Actor::system(scene.school.organisation), person, &form).await.unwrap();
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("i.marchetti", PASSWORD).await;
    browser
}

/// Adds a provider with plain forms; returns its settings page.
async fn add_provider(head: &mut Browser) -> String {
    let page = head.get(&format!("{SETTINGS}/new")).await.location().unwrap().to_owned();
    let id = page.rsplit('/').next().unwrap();
    let empty = head.get(&page).await.body;
    assert!(empty.contains(&format!("/sign-in/with/{id}/back")), "{empty}");
    let form = [
        ("kind", "other"),
        ("name", "Quill ID"),
        ("issuer", NOBODY),
        ("client_id", "greencap"),
        ("client_secret", SECRET),
        ("enabled", "yes"),
    ];
    let saved = head.post(&page, &form).await;
    assert_eq!(saved.location(), Some(&*format!("{page}?done=saved")), "{}", saved.body);
    page
}

async fn require(head: &mut Browser, scene: &Scene) {
    let school = scene.school.school.to_string();
    let saved = head.post(&format!("{SETTINGS}/required"), &[("school", &school)]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_provider_is_added_checked_changed_and_removed_with_forms_and_its_secret_is_never_shown(
    pool: PgPool,
) {
    let scene = Scene::new(pool).await;
    let mut head = head(&scene).await;
    let school = scene.school.school.to_string();
    let early = head.post(&format!("{SETTINGS}/required"), &[("school", &school)]).await;
    assert!(early.body.contains("Add a provider first."), "{}", early.body);
    let page = add_provider(&mut head).await;
    let shown = head.get(&page).await.body;
    assert!(shown.contains(NOBODY) && !shown.contains(SECRET), "{shown}");
    let checked = head.post(&format!("{page}/check"), &[]).await.body;
    assert!(
        checked.contains("This provider can\u{2019}t be used yet") && checked.contains("it does not respond")
    );
    let wrong =
        head.post(&page, &[("kind", "microsoft"), ("issuer", "common"), ("client_secret", SECRET)]).await;
    assert!(wrong.body.contains("There is a problem") && !wrong.body.contains(SECRET), "{}", wrong.body);
    let removed = head.post(&format!("{page}/remove"), &[]).await;
    assert_eq!(removed.location(), Some("/settings/single-sign-on?done=removed"));
    assert_eq!(head.post(&format!("{page}/check"), &[]).await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn who_comes_back_with_nothing_or_with_what_was_made_up_is_told_to_start_again(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let door = door(&add_provider(&mut head(&scene).await).await);
    let mut browser = Browser::new(&scene.backend);
    assert!(browser.get("/sign-in").await.body.contains("Continue with Quill ID"));
    let away = browser.get(&door).await;
    assert!(away.body.contains("is not working right now"), "{}", away.body);
    browser.cookies.insert("greencap-visit".to_owned(), "made-up".to_owned());
    for brought in
        ["", "?state=made-up&code=made-up", "?error=access_denied", "?state=made-up&error=access_denied"]
    {
        let back = browser.get(&format!("{door}/back{brought}")).await;
        assert!(back.body.contains("could not confirm"), "{brought}: {}", back.body);
    }
    for nowhere in ["/sign-in/with/quill", "/sign-in/with/0190c0de-0000-7000-8000-000000000000"] {
        assert_eq!(browser.get(nowhere).await.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
    browser.cookies.insert("greencap-sign-in".to_owned(), "made-up".to_owned());
    let account = scene.account.to_string();
    for (path, form) in [
        ("/sign-in/verify", ("account", account.as_str())),
        ("/sign-in/verify/code", ("code", "7K2QM-9XB4T")),
    ] {
        let answer = browser.post(path, &[form]).await;
        assert_eq!(answer.location(), Some("/sign-in?said=again"), "{path}: {}", answer.body);
    }
}

/// The link "Continue with Quill ID" of a page.
fn door(page: &str) -> String {
    format!("/sign-in/with/{}", page.rsplit('/').next().unwrap())
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn who_has_no_password_proves_themselves_with_the_provider_also_before_their_first_second_factor(
    pool: PgPool,
) {
    let scene = Scene::new(pool).await;
    let mut head = head(&scene).await;
    let door = door(&add_provider(&mut head).await);
    // The state after a visit whose provider did not say when it asked the person.
    for nothing in ["DELETE FROM passwords", "UPDATE sessions SET proven_at = 'epoch'"] {
        sqlx::query(nothing).execute(scene.backend.database.raw()).await.unwrap();
    }
    // The grace period for staff without a second factor is over.
    let none = "INSERT INTO settings (organisation_id, setting, value, changed_at)
         SELECT id, 'second_factor_grace_days', '0', now() FROM organisations";
    sqlx::query(none).execute(scene.backend.database.raw()).await.unwrap();
    assert_eq!(head.get("/students").await.location(), Some("/account/security"));
    let asked = head.get("/account/security/app").await;
    let asked = head.get(asked.location().unwrap()).await.body;
    let way = format!("{door}?next=%2Faccount%2Fsecurity%2Fapp");
    assert!(asked.contains("Confirm it\u{2019}s you") && asked.contains(&way), "{asked}");
    let away = head.get(&way).await;
    assert!(away.body.contains("is not working right now"), "{:?} {}", away.location(), away.body);
    let back = head.get(&format!("{door}/back?state=made-up&code=made-up")).await;
    assert!(back.body.contains("could not confirm"), "{:?} {}", back.location(), back.body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_school_that_asks_for_it_takes_no_password_no_code_and_no_password_for_an_invitation(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut head = head(&scene).await;
    let invitation = invited(&scene).await;
    add_provider(&mut head).await;
    let mut guest = Browser::new(&scene.backend);
    guest.get(&invitation.link).await;
    assert!(guest.get("/activate/check").await.body.contains("/activate/password"), "either way");
    require(&mut head, &scene).await;

    let mut browser = Browser::new(&scene.backend);
    let page = browser.get("/sign-in").await.body;
    assert!(page.contains("Continue with Quill ID") && !page.contains("name=\"password\""), "{page}");
    let right = browser.post("/sign-in", &[("name", "a.okoronta"), ("password", PASSWORD)]).await;
    let wrong = browser.post("/sign-in", &[("name", "a.okoronta"), ("password", "not this one")]).await;
    assert_eq!((right.status, &right.body), (wrong.status, &wrong.body));
    assert!(!browser.cookies.contains_key("greencap"));
    let forgotten = browser.get("/forgotten/password").await.body;
    assert!(forgotten.contains("Continue with Quill ID") && !forgotten.contains("<form"), "{forgotten}");

    let check = guest.get("/activate/check").await.body;
    assert!(check.contains("Continue with Quill ID") && !check.contains("/activate/password"), "{check}");
    assert_eq!(guest.get("/activate/password").await.location(), Some("/activate/check"));
    let chosen = guest.post("/activate/password", &[("password", "kettle orbit mustard")]).await;
    assert!(!guest.cookies.contains_key("greencap"), "{}", chosen.body);
    // Its code still proves whose it is, with the address too.
    let typed = [("username", "Chi@example.org"), ("code", invitation.code.as_str())];
    assert_eq!(browser.post("/activate", &typed).await.location(), Some("/activate/check"));
    // The administrator of all schools can sign in.
    Browser::new(&scene.backend).sign_in("i.marchetti", PASSWORD).await;
}
