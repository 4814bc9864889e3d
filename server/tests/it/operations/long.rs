//! Long operations through the router: requested, followed by server-sent events, opened again, cancelled.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use backend::Backend;
use backend::config::Config;
use backend::jobs::worker::run_once;
use backend::testing::{self, TestSchool, active_account, staff_role, student};
use domain::authorization::role::Role;
use domain::ids::PersonId;
use domain::operations::progress::{OperationProgress, OperationStage};
use domain::operations::state::OperationEnding;
use domain::roll::selection::Selection;
use serde_json::json;
use sqlx::PgPool;

use crate::audit::PASSWORD;
use crate::browser::{Browser, PageAnswer};

/// A school where a request writes at most two rows itself, with three students who can get codes by email.
struct Scene {
    backend: Backend,
    school: TestSchool,
    people: Vec<PersonId>,
    milo: Browser,
}

impl Scene {
    async fn new(pool: PgPool) -> Self {
        let (backend, _) = testing::backend(pool);
        let config = Config { rows_in_request: 2, ..(*backend.config).clone() };
        let backend = Backend { config: Arc::new(config), ..backend };
        let school = TestSchool::new(&backend).await;
        let mut people = Vec::new();
        for name in ["ana", "ben", "cleo"] {
            let email = format!("{name}@example.org");
            let person = student(&backend, &school, name, "Lee", name, Some(&email)).await;
            active_account(&backend, &school, person, &format!("{name}.lee"), PASSWORD).await;
            people.push(person);
        }
        let milo = staff(&backend, &school, "m.ross", Role::AccountManager).await;
        Self { backend, school, people, milo }
    }

    /// Milo asks for codes for all of them by email; returns the page that shows the progress.
    async fn ask(&mut self) -> String {
        let selection = serde_json::to_string(&Selection::People { ids: self.people.clone() }).unwrap();
        let school = self.school.school.to_string();
        let form = [("school", &*school), ("selection", &selection), ("handout", "emailed")];
        let asked = self.milo.post("/accounts/codes/make", &form).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
        asked.location().unwrap().to_owned()
    }

    async fn codes(&self) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM password_resets")
            .fetch_one(self.backend.database.raw())
            .await
            .unwrap()
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

/// The progress in a response's events, in order.
fn told(answer: &PageAnswer) -> Vec<OperationProgress> {
    let data = answer.body.lines().filter_map(|line| line.strip_prefix("data: "));
    data.map(|json| serde_json::from_str(json).unwrap()).collect()
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn events_tell_of_every_change_until_it_is_done_and_the_page_is_there_before_and_after(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    let page = scene.ask().await;
    let waiting = scene.milo.get(&page).await;
    assert!(
        waiting.status == StatusCode::OK
            && waiting.body.contains("3 one-time codes by email")
            && waiting.body.contains("Waiting to start")
            && waiting.body.contains("<progress"),
        "{}",
        waiting.body
    );
    let list = scene.milo.get("/accounts/batches").await.body;
    assert!(list.contains(&format!("href=\"{page}\"")), "{list}");

    let (mut follower, events) = (scene.milo.clone(), format!("{page}/events"));
    let (followed, worked) = tokio::join!(follower.get(&events), async {
        tokio::time::sleep(std::time::Duration::from_millis(700)).await;
        run_once(&scene.backend).await
    });
    worked.unwrap();
    assert_eq!(followed.status, StatusCode::OK);
    assert_eq!(followed.headers[CONTENT_TYPE], "text/event-stream");
    assert!(followed.headers[CACHE_CONTROL].to_str().unwrap().starts_with("no-"));
    let told_first = told(&followed);
    assert_eq!(told_first.first().unwrap().stage, OperationStage::Queued);
    let last = told_first.last().unwrap();
    assert_eq!((last.stage, last.done, last.total), (OperationStage::Done, 3, 3));
    assert_eq!(scene.codes().await, 3);

    let again = told(&scene.milo.get(&events).await);
    assert_eq!(again.as_slice(), std::slice::from_ref(last), "who comes later reads the end");
    let done = scene.milo.get(&page).await.body;
    assert!(done.contains("Done: 3") && done.contains("Open User accounts"), "{done}");
    assert!(!scene.milo.get("/accounts/batches").await.body.contains(&page), "it runs no longer");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn nobody_follows_or_cancels_it_who_could_not_have_asked_for_it(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    let page = scene.ask().await;
    let events = format!("{page}/events");
    let operation = page.trim_start_matches("/operations/").to_owned();
    let mut viewer = staff(&scene.backend, &scene.school, "v.voss", Role::OfficeViewer).await;
    let elsewhere = TestSchool::new(&scene.backend).await;
    let mut stranger = staff(&scene.backend, &elsewhere, "s.vance", Role::AccountManager).await;
    for who in [&mut viewer, &mut stranger] {
        assert_eq!(who.get(&events).await.status, StatusCode::NOT_FOUND);
        let read = who.call("operations/read", &json!({ "operation": operation })).await;
        assert_eq!(read.status, StatusCode::NOT_FOUND);
        let cancelled = who.call("operations/cancel", &json!({ "operation": operation })).await;
        assert_eq!(cancelled.status, StatusCode::NOT_FOUND);
    }
    let mut anonymous = Browser::new(&scene.backend);
    let sent_off = anonymous.get(&events).await;
    assert!(sent_off.location().unwrap().starts_with("/sign-in"));
    let mut student = Browser::new(&scene.backend);
    student.sign_in("ana.lee", PASSWORD).await;
    assert_eq!(student.get(&events).await.status, StatusCode::FORBIDDEN);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn one_that_is_cancelled_says_so_wherever_it_is_looked_at(pool: PgPool) {
    let mut scene = Scene::new(pool).await;
    let page = scene.ask().await;
    let operation = page.trim_start_matches("/operations/").to_owned();
    let cancelled = scene.milo.call("operations/cancel", &json!({ "operation": operation })).await;
    assert_eq!(cancelled.status, StatusCode::OK, "{}", cancelled.body);
    let last = told(&scene.milo.get(&format!("{page}/events")).await).pop().unwrap();
    assert_eq!(last.stage, OperationStage::Ended(OperationEnding::Cancelled));
    let shown = scene.milo.get(&page).await.body;
    assert!(shown.contains("Cancelled") && shown.contains("Nothing was changed."), "{shown}");
    run_once(&scene.backend).await.unwrap();
    assert_eq!(scene.codes().await, 0);
    let late = scene.milo.call("operations/cancel", &json!({ "operation": operation })).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.body);
}
