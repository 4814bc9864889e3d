//! Exports: a daily limit of rows, and notifications about large ones.

use axum::http::StatusCode;
use backend::Backend;
use backend::imports::simulate::simulate;
use backend::imports::stage::stage;
use backend::testing::{TestSchool, account, active_account, backend, staff_role, student};
use chrono::TimeDelta;
use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use domain::ids::PersonId;
use domain::imports::kind::KindSlug;
use domain::roll::import::STUDENTS;
use domain::roll::selection::Selection;
use sqlx::PgPool;

use super::{PASSWORD, head, told};
use crate::browser::{Browser, PageAnswer};

/// A member of the office, signed in.
async fn manager(backend: &Backend, school: &TestSchool) -> Browser {
    let person = student(backend, school, "Milo", "Ross", "M1", None).await;
    active_account(backend, school, person, "m.ross", PASSWORD).await;
    staff_role(backend, school, person, Role::AccountManager).await;
    let mut browser = Browser::new(backend);
    browser.sign_in("m.ross", PASSWORD).await;
    browser
}

/// This many students with accounts.
async fn students(backend: &Backend, school: &TestSchool, many: usize) -> Vec<PersonId> {
    let mut people = Vec::new();
    for n in 0..many {
        let person = student(backend, school, "Ann", "Lee", &format!("S{n}"), None).await;
        account(backend, school, person, &format!("a.lee{n}")).await;
        people.push(person);
    }
    people
}

async fn take_out(browser: &mut Browser, school: &TestSchool, people: &[PersonId]) -> PageAnswer {
    let selection = serde_json::to_string(&Selection::People { ids: people.to_vec() }).unwrap();
    let school = school.school.to_string();
    let form = [("school", school.as_str()), ("selection", &selection), ("format", "csv")];
    browser.post("/accounts/export", &form).await
}

async fn set(browser: &mut Browser, a_day: &str, alert_over: &str) -> PageAnswer {
    let form = [("export_rows_a_day", a_day), ("export_alert_rows", alert_over), ("approval_over", "")];
    browser.post("/settings/exports", &form).await
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn one_person_takes_out_so_many_rows_a_day_and_more_is_refused_and_told(pool: PgPool) {
    let (context, clock) = backend(pool);
    let school = TestSchool::new(&context).await;
    let (_, mut head) = head(&context, &school, "Ines").await;
    let people = students(&context, &school, 6).await;
    let mut office = manager(&context, &school).await;
    assert_eq!(set(&mut head, "10", "500").await.location(), Some("/settings/exports?done=saved"));
    let before = told(&context, &clock).await.len();

    for _ in 0..2 {
        assert_eq!(take_out(&mut office, &school, &people[..5]).await.status, StatusCode::OK);
    }
    let refused = take_out(&mut office, &school, &people[..1]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(
        refused.body.contains("You asked for 1 rows and have already exported 10 today"),
        "{}",
        refused.body
    );
    assert!(!refused.body.contains("a.lee0"));
    let told = told(&context, &clock).await;
    assert_eq!(told.len(), before + 1);
    let (to, text) = told.last().unwrap();
    assert!(to.contains("Ines@example.org") && text.contains("export more than the daily limit"), "{text}");
    assert!(!text.contains("Ross") && !text.contains("Lee"), "a mailbox learns no names: {text}");

    // Each person has their own limit, and it resets the next day.
    assert_eq!(take_out(&mut head, &school, &people).await.status, StatusCode::OK);
    clock.advance(TimeDelta::days(1));
    office.sign_in("m.ross", PASSWORD).await;
    assert_eq!(take_out(&mut office, &school, &people).await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn files_asked_for_at_once_keep_the_limit_together(pool: PgPool) {
    let (context, _) = backend(pool);
    let school = TestSchool::new(&context).await;
    let (_, mut head) = head(&context, &school, "Ines").await;
    let people = students(&context, &school, 4).await;
    let office = manager(&context, &school).await;
    set(&mut head, "12", "500").await;
    let tasks: Vec<_> = (0..12)
        .map(|_| {
            let (mut office, school, people) = (office.clone(), school.clone(), people.clone());
            tokio::spawn(async move { take_out(&mut office, &school, &people).await.status })
        })
        .collect();
    let mut through = 0;
    for task in tasks {
        through += u32::from(task.await.unwrap() == StatusCode::OK);
    }
    assert_eq!(through, 3);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn many_rows_at_once_and_changed_limits_are_told_to_every_administrator(pool: PgPool) {
    let (context, clock) = backend(pool);
    let school = TestSchool::new(&context).await;
    let (_, mut ines) = head(&context, &school, "Ines").await;
    let (_, mut otto) = head(&context, &school, "Otto").await;
    let people = students(&context, &school, 4).await;
    let mut office = manager(&context, &school).await;
    assert_eq!(take_out(&mut office, &school, &people).await.status, StatusCode::OK);
    assert_eq!(told(&context, &clock).await, [], "an ordinary file is nobody's alert");

    set(&mut ines, "", "3").await;
    let changed = told(&context, &clock).await;
    assert_eq!(changed.len(), 2);
    assert!(changed.iter().all(|(_, text)| {
        text.contains("A setting that administrators are told about was changed: limits on exports,")
    }));
    take_out(&mut office, &school, &people[..3]).await;
    assert_eq!(told(&context, &clock).await.len(), 2, "three are not more than three");
    take_out(&mut office, &school, &people).await;
    let told_of_list = told(&context, &clock).await.split_off(2);
    let mut to: Vec<&str> = told_of_list.iter().map(|(to, _)| to.as_str()).collect();
    to.sort_unstable();
    assert!(
        to[0].contains("Ines@example.org") && to[1].contains("Otto@example.org") && to.len() == 2,
        "{to:?}"
    );
    for (_, text) in &told_of_list {
        assert!(
            text.contains("A list of 4 accounts was exported.")
                && text.contains("http://localhost:3000/audit"),
            "{text}"
        );
        assert!(!text.contains("Ross") && !text.contains("Lee"), "a mailbox learns no names: {text}");
    }
    // An export of the log counts too.
    otto.post("/audit/export", &[]).await;
    assert!(told(&context, &clock).await.pop().unwrap().1.contains("audit log entries were exported."));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_limits_are_set_by_administrators_of_all_schools_and_seen_by_those_of_one(pool: PgPool) {
    let (context, _) = backend(pool);
    let school = TestSchool::new(&context).await;
    let (_, mut all) = head(&context, &school, "Ines").await;
    let page = all.get("/settings/exports").await.body;
    assert!(page.contains("5000 today") && page.contains("value=\"500\""), "{page}");
    let wrong = set(&mut all, "none", "0").await.body;
    assert!(
        wrong.contains("href=\"#export_rows_a_day\"") && wrong.contains("href=\"#export_alert_rows\""),
        "{wrong}"
    );
    assert!(wrong.contains("value=\"none\""), "{wrong}");
    set(&mut all, "7000", "250").await;
    let page = all.get("/settings/exports").await.body;
    assert!(page.contains("value=\"7000\"") && page.contains("value=\"250\""), "{page}");

    let person = student(&context, &school, "Olga", "Brandt", "1", None).await;
    active_account(&context, &school, person, "o.brandt", PASSWORD).await;
    staff_role(&context, &school, person, Role::Administrator).await;
    let mut one = Browser::new(&context);
    one.sign_in("o.brandt", PASSWORD).await;
    let page = one.get("/settings/exports").await.body;
    assert!(page.contains("7000") && !page.contains("<form class=\"stack\""), "{page}");
    assert_eq!(set(&mut one, "9", "9").await.status, StatusCode::FORBIDDEN);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_log_of_an_import_counts_like_a_list_and_takes_a_proof(pool: PgPool) {
    let (context, clock) = backend(pool);
    let school = TestSchool::new(&context).await;
    let (_, mut head) = head(&context, &school, "Ines").await;
    let people = students(&context, &school, 3).await;
    let mut office = manager(&context, &school).await;
    let file = b"Adm No,Forename\n71,Ada\n72,Eve\n".to_vec();
    let system = Actor::system(school.organisation);
    let staged =
        stage(&context, &system, &KindSlug::from(&STUDENTS), school.school, "roll.csv", file).await.unwrap();
    simulate(&context, &system, staged.id).await.unwrap();
    let log = format!("/imports/{}/log", staged.id);
    set(&mut head, "5", "2").await;
    let before = told(&context, &clock).await.len();

    assert_eq!(office.post(&log, &[]).await.status, StatusCode::OK);
    assert_eq!(take_out(&mut office, &school, &people).await.status, StatusCode::OK);
    let refused = office.post(&log, &[("outcome", "added")]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(
        refused.body.contains("You asked for 2 rows and have already exported 5 today"),
        "{}",
        refused.body
    );
    assert!(!refused.body.contains("Ada,"));
    assert_eq!(told(&context, &clock).await.len(), before + 2, "three accounts, and what was refused");
    set(&mut head, "", "1").await;
    // Alerts of one moment have no order.
    told(&context, &clock).await;
    assert_eq!(office.post(&log, &[]).await.status, StatusCode::OK);
    let (_, text) = told(&context, &clock).await.pop().unwrap();
    assert!(text.contains("An import log with 2 rows was exported."), "{text}");

    clock.advance(TimeDelta::minutes(16));
    let asked = office.post(&log, &[]).await;
    assert!(asked.body.contains("Confirm it\u{2019}s you") && !asked.body.contains("Ada,"), "{}", asked.body);
}
