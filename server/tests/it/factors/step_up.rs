//! The step-up before a sensitive action, and helping people who lost their second factor.

use app::guard::endpoints;
use axum::http::{Method, StatusCode};
use backend::factors::remove::remove_of_person;
use backend::sessions::pending_form::{SentForm, store, take, waiting};
use backend::sessions::session::{SignedIn, resolve};
use backend::sessions::visitor::Visitor;
use backend::testing::{active_account, app_code, student};
use chrono::TimeDelta;
use domain::authorization::role::Role;
use domain::ids::{AccountId, PendingFormId, PersonId};
use domain::roll::selection::Selection;
use server::http::declared;
use sqlx::PgPool;

use crate::browser::{Browser, PageAnswer};
use crate::recovery::forgetting::{mailbox, person_of};
use crate::scene::{PASSWORD, Scene};

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

/// Sets up an app for the signed-in person.
pub async fn set_up(scene: &Scene, browser: &mut Browser, account: AccountId) {
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
    let after_step_up: Vec<&str> =
        endpoints().filter(|endpoint| endpoint.requires.step_up).map(|endpoint| endpoint.path).collect();
    assert!(after_step_up.contains(&"imports/commit"));
    for endpoint in after_step_up {
        let own = [("sec-fetch-site", "same-origin")];
        let asked = browser.send(Method::POST, &format!("/api/{endpoint}"), Some(&[]), &own).await;
        assert_eq!(asked.status, StatusCode::PRECONDITION_REQUIRED, "{endpoint}");
    }
    let proven = declared(&scene.backend).into_iter().filter(|route| route.requires.step_up);
    let filled = |path: &str| {
        ["{person}", "{kind}", "{pair}"].iter().fold(path.to_owned(), |path, name| path.replace(name, "x"))
    };
    let paths: Vec<String> = proven.map(|route| filled(&route.path)).collect();
    assert!(
        paths.iter().any(|path| path == "/accounts/export") && paths.iter().any(|path| path == "/roles/take")
    );
    for path in paths {
        let asked = browser.post(&path, &[("id", "kept")]).await;
        assert!(asked.body.contains("Confirm it\u{2019}s you"), "{path}");
        let here = visitor(&browser);
        let owner = who(&scene, &browser).await;
        let waits = waiting(&scene.backend, &owner, &here, pending_form(&asked)).await.unwrap();
        assert_eq!(waits.address, path);
    }
}

/// The pending form that the step-up page names.
pub fn pending_form(asked: &PageAnswer) -> PendingFormId {
    let id = asked.body.split("name=\"form\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    id.unwrap_or_else(|| panic!("no form is kept: {}", asked.body)).parse().unwrap()
}

/// The person signed in with a browser.
async fn who(scene: &Scene, browser: &Browser) -> SignedIn {
    resolve(&scene.backend, &browser.cookies["greencap"]).await.unwrap().unwrap()
}

/// The browser as a visitor.
fn visitor(browser: &Browser) -> Visitor {
    Visitor { known_as: browser.cookies.get("greencap-device").cloned(), ..Visitor::stranger() }
}

/// Steps up for a pending form.
pub async fn step_up(browser: &mut Browser, form: PendingFormId, proof: &str) -> PageAnswer {
    browser.post("/account/step-up", &[("proof", proof), ("form", &form.to_string())]).await
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_form_goes_on_as_it_was_after_the_proof(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let Admin { account, mut browser } = admin(&scene).await;
    set_up(&scene, &mut browser, account).await;
    scene.clock.advance(LONG);
    let asked = browser.post("/settings/second-factors", &[("second_factor_grace_days", "7")]).await;
    assert!(asked.body.contains("Confirm it\u{2019}s you") && !asked.body.contains("value=\"7\""));
    let shown = asked.body.replace("<!>", "");
    assert!(shown.contains("<dt>Second factor grace days</dt><dd><bdi>7</bdi></dd>"), "{shown}");
    let form = pending_form(&asked);
    // People with a second factor must use it: the password is not enough.
    for wrong in ["", PASSWORD, "000000"] {
        let again = step_up(&mut browser, form, wrong).await;
        assert!(again.body.contains("<title>Error: ") && pending_form(&again) == form, "{}", again.body);
    }
    let code = app_code(&scene.backend, account).await;
    let on = step_up(&mut browser, form, &code).await;
    let there = format!("/settings/second-factors?pending={form}");
    assert_eq!((on.status, on.location()), (StatusCode::TEMPORARY_REDIRECT, Some(&*there)));
    // The browser sends the step-up form there; the pending one replaces it, once.
    let done = browser.post(&there, &[("proof", &code), ("second_factor_grace_days", "90")]).await;
    assert_eq!(done.location(), Some("/settings/second-factors?done=saved"));
    assert!(browser.get("/settings/second-factors").await.body.contains("value=\"7\""));
    let again = browser.post(&there, &[("second_factor_grace_days", "90")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.body.contains("This was already done"), "{}", again.body);
    let refused = browser.post("/settings/second-factors", &[("second_factor_grace_days", "91")]).await;
    assert!(refused.body.contains("Enter a number of days from 0 to 90."));
    let away = [("proof", "000000"), ("next", "https://evil.example/")];
    assert!(!browser.post("/account/step-up", &away).await.body.contains("evil.example"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_kept_form_is_its_senders_alone_in_their_browser_for_its_address_for_an_hour_and_sealed(
    pool: PgPool,
) {
    let scene = Scene::new(pool).await;
    let Admin { mut browser, .. } = admin(&scene).await;
    let mut student = Browser::new(&scene.backend);
    student.sign_in("a.okoronta", PASSWORD).await;
    let (owner, other) = (who(&scene, &browser).await, who(&scene, &student).await);
    let here = visitor(&browser);
    let sent = async |text: &str| {
        let sent = SentForm { address: "/settings/exports?from=2026", form: text, page: None, secrets: &[] };
        store(&scene.backend, &owner, &here, &sent).await.unwrap()
    };
    let form = sent("days=31337").await;
    let sealed: Vec<u8> = sqlx::query_scalar("SELECT form FROM interrupted_forms")
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    assert!(!sealed.windows(5).any(|bytes| bytes == b"31337"));
    assert!(take(&scene.backend, &other, &here, form, "/settings/exports").await.is_err(), "somebody else's");
    assert!(waiting(&scene.backend, &other, &here, form).await.is_err(), "somebody else's");
    assert!(take(&scene.backend, &owner, &here, form, "/roles/take").await.is_err(), "of another address");
    let elsewhere = Visitor::stranger();
    assert!(
        take(&scene.backend, &owner, &elsewhere, form, "/settings/exports").await.is_err(),
        "of another browser"
    );
    assert!(waiting(&scene.backend, &owner, &elsewhere, form).await.is_err(), "of another browser");
    let waits = waiting(&scene.backend, &owner, &here, form).await.unwrap();
    assert_eq!((&*waits.address, &*waits.form), ("/settings/exports?from=2026", "days=31337"));
    assert_eq!(take(&scene.backend, &owner, &here, form, "/settings/exports").await.unwrap(), "days=31337");
    assert!(take(&scene.backend, &owner, &here, form, "/settings/exports").await.is_err(), "taken before");

    let late = sent("days=1").await;
    scene.clock.advance(TimeDelta::hours(1));
    assert!(take(&scene.backend, &owner, &here, late, "/settings/exports").await.is_err(), "too old");
    let mut forms = Vec::new();
    for _ in 0..6 {
        scene.clock.advance(TimeDelta::seconds(1));
        forms.push(sent("days=2").await);
    }
    let counted: i64 = sqlx::query_scalar("SELECT count(*) FROM interrupted_forms")
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(counted, 4, "the old one and the first of many are cleared away");
    assert!(waiting(&scene.backend, &owner, &here, forms[1]).await.is_err());
    assert!(waiting(&scene.backend, &owner, &here, forms[2]).await.is_ok());

    // Someone who steps up by signing in again continues from a page.
    browser.sign_in("i.marchetti", PASSWORD).await;
    let page = browser.get(&format!("/account/step-up?form={}", forms[5])).await;
    assert!(
        page.body.contains(&format!("action=\"/settings/exports?from=2026&amp;pending={}\"", forms[5])),
        "{}",
        page.body
    );
    let gone = browser.get(&format!("/account/step-up?form={form}")).await;
    assert_eq!(gone.status, StatusCode::CONFLICT);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_proof_in_between_loses_nothing_of_a_hundred_thousand_people(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let Admin { mut browser, .. } = admin(&scene).await;
    let ada = person_of(&scene, "a.okoronta").await;
    let mut ids: Vec<PersonId> = (0..100_000).map(|_| scene.backend.new_id()).collect();
    ids.push(ada);
    let selection = serde_json::to_string(&Selection::People { ids }).unwrap();
    let school = scene.school.school.to_string();
    scene.clock.advance(LONG);
    let form = [("school", school.as_str()), ("selection", &selection), ("format", "csv")];
    let asked = browser.post("/accounts/export", &form).await;
    assert!(asked.body.len() < 10_000, "the page does not carry the form");
    let on = step_up(&mut browser, pending_form(&asked), PASSWORD).await;
    let file = browser.post(on.location().unwrap(), &[]).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.body);
    assert!(file.body.contains("Adaeze Okoronta") && !file.body.contains("Marchetti"), "{}", file.body);
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
