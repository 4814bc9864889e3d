//! Exports of many people, and codes for many, wait for a second person (OWASP ASVS 5.0, V2.3.5).

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::CONTENT_DISPOSITION;
use backend::Backend;
use backend::testing::{self, FixedClock, TestSchool, active_account, staff_role, student};
use chrono::TimeDelta;
use domain::authorization::role::Role;
use domain::ids::PersonId;
use domain::invitations::views::Recipients;
use domain::roll::selection::Selection;
use sqlx::PgPool;

use crate::audit::{PASSWORD, head, told};
use crate::browser::{Browser, PageAnswer};

mod second_person;

/// A school where operations on more than two people need approval, with three students and two members of
/// the office.
struct Scene {
    backend: Backend,
    clock: Arc<FixedClock>,
    school: TestSchool,
    people: Vec<PersonId>,
    milo: Browser,
    nora: Browser,
}

impl Scene {
    async fn new(pool: PgPool) -> Self {
        let (backend, clock) = testing::backend(pool);
        let school = TestSchool::new(&backend).await;
        let mut people = Vec::new();
        for name in ["Ana", "Ben", "Cleo"] {
            let person = student(&backend, &school, name, "Lee", name, None).await;
            active_account(&backend, &school, person, &format!("{}.lee", name.to_lowercase()), PASSWORD)
                .await;
            people.push(person);
        }
        let milo = staff(&backend, &school, "m.ross", Role::AccountManager).await;
        let nora = staff(&backend, &school, "n.vane", Role::AccountManager).await;
        let (_, mut ines) = head(&backend, &school, "Ines").await;
        let limits = [("export_rows_a_day", ""), ("export_alert_rows", "500"), ("approval_over", "2")];
        assert_eq!(ines.post("/settings/exports", &limits).await.status, StatusCode::SEE_OTHER);
        told(&backend, &clock).await;
        Self { backend, clock, school, people, milo, nora }
    }

    /// Milo asks for this many of them.
    async fn ask(&mut self, to: &str, people: usize) -> PageAnswer {
        let selection = serde_json::to_string(&Selection::People { ids: self.people[..people].to_vec() });
        let (school, selection) = (self.school.school.to_string(), selection.unwrap());
        let form = [("school", &*school), ("selection", &selection), ("format", "csv"), ("handout", "shown")];
        self.milo.post(to, &form).await
    }

    /// Milo asks for all of them; returns where the file is downloaded after approval.
    async fn asked(&mut self) -> String {
        let asked = self.ask("/accounts/export", 3).await;
        assert_eq!(asked.location(), Some("/approvals?done=asked"), "{}", asked.body);
        self.latest().await
    }

    async fn latest(&self) -> String {
        let id: String = sqlx::query_scalar(
            "SELECT id::text FROM operations WHERE second_person ORDER BY created_at DESC, id DESC LIMIT 1",
        )
        .fetch_one(self.backend.database.raw())
        .await
        .unwrap();
        format!("/approvals/{id}")
    }
}

async fn staff(backend: &Backend, school: &TestSchool, username: &str, role: Role) -> Browser {
    let person = student(backend, school, "Office", username, username, None).await;
    active_account(backend, school, person, username, PASSWORD).await;
    staff_role(backend, school, person, role).await;
    let mut browser = Browser::new(backend);
    browser.sign_in(username, PASSWORD).await;
    browser
}

async fn decide(browser: &mut Browser, approval: &str, decision: &str) -> PageAnswer {
    browser.post(&format!("{approval}/decide"), &[("decision", decision)]).await
}

async fn take(browser: &mut Browser, approval: &str) -> PageAnswer {
    browser.post(&format!("{approval}/take"), &[]).await
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_file_with_many_is_approved_by_another_and_downloaded_once_by_its_requester(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    assert_eq!(scene.ask("/accounts/export", 2).await.status, StatusCode::OK, "two are not more than two");
    let approval = scene.asked().await;
    let told = told(&scene.backend, &scene.clock).await.pop().unwrap();
    assert!(told.1.contains("A request about 3 accounts needs approval."), "{}", told.1);

    assert_eq!(take(&mut scene.milo, &approval).await.status, StatusCode::CONFLICT, "not before");
    let own = decide(&mut scene.milo, &approval, "approve").await;
    assert!(
        own.status == StatusCode::CONFLICT && own.body.contains("You can\u{2019}t approve your own request.")
    );
    let page = scene.nora.get("/approvals").await.body;
    assert!(page.contains("3 accounts as CSV") && page.contains("> waiting<"), "{page}");
    assert!(page.contains("aria-label=\"Approve 3 accounts as CSV for Office m.ross\""), "{page}");
    assert_eq!(
        decide(&mut scene.nora, &approval, "approve").await.location(),
        Some("/approvals?done=decided")
    );
    assert_eq!(decide(&mut scene.nora, &approval, "decline").await.status, StatusCode::CONFLICT, "decided");

    assert_eq!(take(&mut scene.nora, &approval).await.status, StatusCode::NOT_FOUND, "it is Milo's");
    assert!(scene.milo.get("/approvals").await.body.contains("Download"));
    let (mut again, at_once) = (scene.milo.clone(), approval.clone());
    let (one, other) = tokio::join!(take(&mut scene.milo, &approval), take(&mut again, &at_once));
    let (file, late) = if one.status == StatusCode::OK { (one, other) } else { (other, one) };
    assert_eq!((file.status, late.status), (StatusCode::OK, StatusCode::CONFLICT));
    assert_eq!(file.headers[CONTENT_DISPOSITION], "attachment; filename=\"accounts-QUILL-2026-11-21.csv\"");
    assert_eq!(file.body.lines().count(), 4);
    let noted: Vec<String> = sqlx::query_scalar(
        "SELECT action FROM audit_events WHERE action LIKE 'approval%' OR action = 'accounts_exported' ORDER BY sequence",
    )
    .fetch_all(scene.backend.database.raw())
    .await
    .unwrap();
    assert_eq!(noted, ["accounts_exported", "approval_asked", "approval_given", "accounts_exported"]);
}

/// Which requests exist is for those who may decide them.
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_request_of_a_sibling_school_is_like_one_that_nobody_made(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    let theirs = scene.asked().await;
    let sibling = scene.school.sibling(&scene.backend, "SIB", "Sibling").await;
    let nobodys = format!("/approvals/{}", uuid::Uuid::from_u128(7));
    let head = staff(&scene.backend, &sibling, "h.ead", Role::Administrator).await;
    let viewer = staff(&scene.backend, &scene.school, "v.iew", Role::OfficeViewer).await;
    for mut reader in [head, viewer] {
        let (one, other) =
            (decide(&mut reader, &theirs, "approve").await, decide(&mut reader, &nobodys, "approve").await);
        assert_eq!((one.status, other.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
        assert_eq!(one.body.replace(&theirs, ""), other.body.replace(&nobodys, ""));
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn what_was_declined_or_lapsed_or_is_no_longer_allowed_is_not_taken_out(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    let declined = scene.asked().await;
    decide(&mut scene.nora, &declined, "decline").await;
    assert_eq!(take(&mut scene.milo, &declined).await.status, StatusCode::CONFLICT);

    scene.clock.advance(TimeDelta::seconds(1));
    let late = scene.asked().await;
    decide(&mut scene.nora, &late, "approve").await;
    scene.clock.advance(TimeDelta::hours(24));
    scene.milo.sign_in("m.ross", PASSWORD).await;
    assert_eq!(take(&mut scene.milo, &late).await.status, StatusCode::CONFLICT, "a day is over");

    let allowed_then = scene.asked().await;
    scene.nora.sign_in("n.vane", PASSWORD).await;
    decide(&mut scene.nora, &allowed_then, "approve").await;
    sqlx::query("UPDATE staff_roles r SET role = 'office_viewer' FROM accounts a WHERE a.username = 'm.ross' AND a.person_id = r.person_id")
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(take(&mut scene.milo, &allowed_then).await.status, StatusCode::FORBIDDEN);

    let unseen = scene.asked_by_nora().await;
    scene.clock.advance(TimeDelta::days(7));
    let mut ines = Browser::new(&scene.backend);
    ines.sign_in("ines.marchetti", PASSWORD).await;
    assert_eq!(decide(&mut ines, &unseen, "approve").await.status, StatusCode::CONFLICT, "a week is over");
}

impl Scene {
    async fn asked_by_nora(&mut self) -> String {
        std::mem::swap(&mut self.milo, &mut self.nora);
        self.clock.advance(TimeDelta::seconds(1));
        self.asked().await
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn codes_for_many_wait_too_and_none_is_made_before(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    let codes = async |scene: &Scene| -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM password_resets")
            .fetch_one(scene.backend.database.raw())
            .await
            .unwrap()
    };
    let said = "Codes for more than 2 people need approval.";
    for (people, waits) in [(2, false), (3, true)] {
        let page = scene.ask("/accounts/codes", people).await.body;
        assert_eq!(page.contains(said), waits, "{page}");
    }
    let asked = scene.ask("/accounts/codes/make", 3).await;
    assert_eq!(asked.location(), Some("/approvals?done=asked"), "{}", asked.body);
    let approval = scene.latest().await;
    assert!(scene.nora.get("/approvals").await.body.contains("3 one-time codes to print"));
    assert_eq!(codes(&scene).await, 0);
    decide(&mut scene.nora, &approval, "approve").await;
    assert_eq!(codes(&scene).await, 0);
    let made = take(&mut scene.milo, &approval).await;
    assert!(made.body.contains("One-time codes: 3") && made.body.contains("ana.lee"), "{}", made.body);
    assert_eq!(codes(&scene).await, 3);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn who_was_approved_twice_makes_no_room_for_others(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    for name in ["dee", "eve", "fay"] {
        let person = student(&scene.backend, &scene.school, name, "Lee", name, None).await;
        active_account(&scene.backend, &scene.school, person, &format!("{name}.lee"), PASSWORD).await;
        scene.people.push(person);
    }
    let make = async |scene: &mut Scene, n: usize| {
        let arguments = serde_json::json!({ "person": scene.people[n], "handout": "shown" });
        scene.milo.call("recovery/make_code", &arguments).await.status
    };
    for n in [0, 1] {
        assert_eq!(make(&mut scene, n).await, StatusCode::OK);
    }
    for _ in 0..2 {
        scene.clock.advance(TimeDelta::seconds(1));
        scene.ask("/accounts/codes/make", 3).await;
        let approval = scene.latest().await;
        decide(&mut scene.nora, &approval, "approve").await;
        let made = take(&mut scene.milo, &approval).await;
        assert!(made.body.contains("One-time codes: 3"), "{}", made.body);
    }
    // Nora has seen the first three. Of the others, two need nobody.
    for (n, answer) in [(3, StatusCode::OK), (4, StatusCode::OK), (5, StatusCode::CONFLICT)] {
        assert_eq!(make(&mut scene, n).await, answer, "{n}");
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn nobody_decides_who_could_not_do_it_themselves(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    let approval = scene.asked().await;
    let mut viewer = staff(&scene.backend, &scene.school, "v.voss", Role::OfficeViewer).await;
    assert!(!viewer.get("/approvals").await.body.contains("3 accounts as CSV"));
    assert_eq!(decide(&mut viewer, &approval, "approve").await.status, StatusCode::NOT_FOUND);
    let said = decide(&mut scene.nora, &approval, "perhaps").await;
    assert_eq!(said.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(scene.milo.get("/approvals").await.body.contains(">Waiting"));
}

/// The id of the account with this username, and its person.
async fn of(scene: &Scene, username: &str) -> (uuid::Uuid, PersonId) {
    let (account, person): (uuid::Uuid, uuid::Uuid) =
        sqlx::query_as("SELECT id, person_id FROM accounts WHERE username = $1")
            .bind(username)
            .fetch_one(scene.backend.database.raw())
            .await
            .unwrap();
    (account, PersonId(person))
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn codes_made_one_by_one_count_with_the_others_of_the_day(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    let make = async |scene: &mut Scene, n: usize| {
        let arguments = serde_json::json!({ "person": scene.people[n], "handout": "shown" });
        scene.milo.call("recovery/make_code", &arguments).await
    };
    for n in [0, 1] {
        assert_eq!(make(&mut scene, n).await.status, StatusCode::OK);
    }
    let third = make(&mut scene, 2).await;
    assert!(
        third.body.contains("for as many people within a day as you can without approval"),
        "{}",
        third.body
    );
    // The way that the sentence names: it waits for another person.
    let asked = scene.ask("/accounts/codes/make", 1).await;
    assert_eq!(asked.location(), Some("/approvals?done=asked"), "{}", asked.body);
    scene.clock.advance(TimeDelta::days(1));
    scene.milo.sign_in("m.ross", PASSWORD).await;
    assert_eq!(make(&mut scene, 2).await.status, StatusCode::OK, "another day");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn all_ways_into_accounts_count_together(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    let refusal = "for as many people within a day as you can without approval";
    let new = student(&scene.backend, &scene.school, "Dee", "Lee", "Dee", Some("dee@example.org")).await;
    let account = testing::account(&scene.backend, &scene.school, new, "dee.lee").await;
    // An invitation to the address on the roll opens nothing for Milo.
    let invite = serde_json::json!({ "school": scene.school.school, "recipients": Recipients::Accounts { ids: vec![account], again: true } });
    let code = async |scene: &mut Scene, n: usize| {
        let arguments = serde_json::json!({ "person": scene.people[n], "handout": "shown" });
        scene.milo.call("recovery/make_code", &arguments).await
    };
    let sent = scene.milo.call("invitations/send", &invite).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
    assert_eq!(code(&mut scene, 0).await.status, StatusCode::OK);
    // To one that Milo typed, it does.
    let address: String = sqlx::query_scalar("SELECT id::text FROM addresses WHERE person_id = $1")
        .bind(new.0)
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    let edit = serde_json::json!({ "person": new, "address": address, "typed": "milo@example.org" });
    let edited = scene.milo.call("roll/edit_address", &edit).await;
    assert_eq!(edited.status, StatusCode::OK, "{}", edited.body);
    scene.clock.advance(TimeDelta::seconds(1));
    assert_eq!(scene.milo.call("invitations/send", &invite).await.status, StatusCode::OK);
    let third = code(&mut scene, 1).await;
    assert!(third.status == StatusCode::CONFLICT && third.body.contains(refusal), "{}", third.body);

    // Removing somebody's second factor is one more.
    for n in [1, 2] {
        sqlx::query(
            "INSERT INTO authenticators (id, organisation_id, account_id, created_at, confirmed_at)
             SELECT gen_random_uuid(), organisation_id, id, now(), now() FROM accounts WHERE person_id = $1",
        )
        .bind(scene.people[n].0)
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    }
    let remove = async |scene: &mut Scene, n: usize| {
        scene.milo.call("factors/remove_factors", &serde_json::json!({ "person": scene.people[n] })).await
    };
    let refused = remove(&mut scene, 1).await;
    assert!(refused.status == StatusCode::CONFLICT && refused.body.contains(refusal), "{}", refused.body);
    // The next day, both kinds together again.
    scene.clock.advance(TimeDelta::days(1));
    scene.milo.sign_in("m.ross", PASSWORD).await;
    for n in [1, 2] {
        let removed = remove(&mut scene, n).await;
        assert_eq!(removed.status, StatusCode::OK, "{}", removed.body);
    }
    assert_eq!(code(&mut scene, 0).await.status, StatusCode::CONFLICT);
}
