//! What is loaded without a step-up: the roll for the office's lists in the browser.

use axum::http::header::{ETAG, IF_NONE_MATCH};
use axum::http::{Method, StatusCode};
use backend::Backend;
use backend::testing::{TestSchool, active_account, backend, staff_role, student};
use chrono::TimeDelta;
use domain::authorization::role::Role;
use sqlx::PgPool;

use super::{PASSWORD, head, told};
use crate::browser::{Browser, PageAnswer};

async fn viewer(backend: &Backend, school: &TestSchool) -> Browser {
    let person = student(backend, school, "Milo", "Ross", "M1", None).await;
    active_account(backend, school, person, "m.ross", PASSWORD).await;
    staff_role(backend, school, person, Role::OfficeViewer).await;
    let mut browser = Browser::new(backend);
    browser.sign_in("m.ross", PASSWORD).await;
    browser
}

async fn load(browser: &mut Browser, school: &TestSchool, seen: Option<&str>) -> PageAnswer {
    let headers: Vec<(&str, &str)> = seen.map(|tag| (IF_NONE_MATCH.as_str(), tag)).into_iter().collect();
    browser.send(Method::GET, &format!("/roll/{}/snapshot", school.school), None, &headers).await
}

async fn entries(backend: &Backend) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM audit_events WHERE action = 'roll_loaded'")
        .fetch_one(backend.database.raw())
        .await
        .unwrap()
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_roll_that_goes_into_a_session_is_in_the_log_once_a_day(pool: PgPool) {
    let (context, clock) = backend(pool);
    let school = TestSchool::new(&context).await;
    let (_, mut head) = head(&context, &school, "Ines").await;
    let mut office = viewer(&context, &school).await;
    let first = load(&mut office, &school, None).await;
    assert!(first.status == StatusCode::OK && first.body.contains("Milo Ross"), "{}", first.body);
    let tag = first.headers[ETAG].to_str().unwrap().to_owned();
    for (seen, status) in [(Some(&*tag), StatusCode::NOT_MODIFIED), (None, StatusCode::OK)] {
        assert_eq!(load(&mut office, &school, seen).await.status, status);
    }
    student(&context, &school, "Ann", "Lee", "1", None).await;
    assert_eq!(load(&mut office, &school, Some(&tag)).await.status, StatusCode::OK);
    assert_eq!(entries(&context).await, 1);
    let page = head.get("/audit?action=roll_loaded").await.body;
    assert!(page.contains("Milo Ross") && page.contains("students: 2"), "{page}");

    clock.advance(TimeDelta::days(1));
    office.sign_in("m.ross", PASSWORD).await;
    load(&mut office, &school, Some(&tag)).await;
    assert_eq!(entries(&context).await, 2);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn an_account_that_brings_the_roll_into_many_sessions_is_told_of(pool: PgPool) {
    let (context, clock) = backend(pool);
    let school = TestSchool::new(&context).await;
    head(&context, &school, "Ines").await;
    let mut office = viewer(&context, &school).await;
    for _ in 0..10 {
        load(&mut office, &school, None).await;
        // An ended session still counts.
        office.post("/sign-out", &[]).await;
        clock.advance(TimeDelta::minutes(5));
        office.sign_in("m.ross", PASSWORD).await;
    }
    assert_eq!(told(&context, &clock).await, []);
    load(&mut office, &school, None).await;
    let told_of = told(&context, &clock).await;
    assert_eq!(told_of.len(), 1);
    assert!(
        told_of[0].1.contains(
            "One account loaded a school\u{2019}s whole roll in an unusual number of browsers in one day."
        ) && !told_of[0].1.contains("Ross"),
        "{told_of:?}"
    );
    load(&mut office, &school, None).await;
    assert_eq!(told(&context, &clock).await.len(), 1, "the same session again");
}
