//! `POST /accounts/export`: the form in the list's menus.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use backend::testing::{TestSchool, account, active_account, backend, staff_role, student};
use domain::authorization::role::Role;
use domain::roll::filter::RollFilter;
use domain::roll::selection::Selection;
use sqlx::PgPool;

use crate::browser::{Browser, PageAnswer};
use crate::command::greencap;
use crate::imports::Folder;

const PASSWORD: &str = "three green caps fly";

fn everyone() -> String {
    serde_json::to_string(&Selection::Matching { filter: RollFilter::default() }).expect("plain data")
}

async fn export(browser: &mut Browser, school: &TestSchool, selection: &str, format: &str) -> PageAnswer {
    let school = school.school.to_string();
    let form = [("school", school.as_str()), ("selection", selection), ("format", format)];
    browser.post("/accounts/export", &form).await
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_list_can_be_saved_by_those_who_may_and_by_nobody_else(pool: PgPool) {
    let (context, _) = backend(pool);
    let school = TestSchool::new(&context).await;
    let ann = student(&context, &school, "Ann", "Lee", "0017", None).await;
    account(&context, &school, ann, "a.lee").await;
    for (username, role, number) in
        [("m.ross", Role::AccountManager, "1"), ("v.voss", Role::OfficeViewer, "2")]
    {
        let person = student(&context, &school, "Staff", username, number, None).await;
        active_account(&context, &school, person, username, PASSWORD).await;
        staff_role(&context, &school, person, role).await;
    }
    let mut manager = Browser::new(&context);
    manager.sign_in("m.ross", PASSWORD).await;
    let csv = export(&mut manager, &school, &everyone(), "csv").await;
    assert_eq!(csv.status, StatusCode::OK, "{}", csv.body);
    assert_eq!(csv.headers[CONTENT_TYPE], "text/csv; charset=utf-8");
    assert_eq!(csv.headers[CONTENT_DISPOSITION], "attachment; filename=\"accounts-QUILL-2026-11-21.csv\"");
    assert!(csv.body.contains("Ann Lee,0017,7,7A,a.lee,"), "{}", csv.body);
    let xlsx = export(&mut manager, &school, &everyone(), "xlsx").await;
    assert!(xlsx.headers[CONTENT_TYPE].to_str().expect("text").ends_with("spreadsheetml.sheet"));
    assert!(xlsx.body.starts_with("PK"), "a zip");

    let stale = export(&mut manager, &school, "everyone", "csv").await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stale.body.contains(r#"href="/accounts""#), "a page with the way back: {}", stale.body);

    let mut viewer = Browser::new(&context);
    viewer.sign_in("v.voss", PASSWORD).await;
    let refused = export(&mut viewer, &school, &everyone(), "csv").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(!refused.body.contains("a.lee"), "{}", refused.body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn how_many_a_file_leaves_out_is_said_before_it_is_made(pool: PgPool) {
    let (context, _) = backend(pool);
    let school = TestSchool::new(&context).await;
    let ann = student(&context, &school, "Ann", "Lee", "0017", None).await;
    account(&context, &school, ann, "a.lee").await;
    let manager = student(&context, &school, "Staff", "Ross", "1", None).await;
    active_account(&context, &school, manager, "m.ross", PASSWORD).await;
    staff_role(&context, &school, manager, Role::AccountManager).await;
    sqlx::query(
        "INSERT INTO access_restrictions (id, organisation_id, adult_id, child_id, scopes, starts_on, created_at)
         VALUES (gen_random_uuid(), $1, $2, $3, '{profile}', '2026-09-01', $4)",
    )
    .bind(school.organisation.0)
    .bind(manager.0)
    .bind(ann.0)
    .bind(context.now())
    .execute(context.database.raw())
    .await
    .unwrap();
    let mut browser = Browser::new(&context);
    browser.sign_in("m.ross", PASSWORD).await;
    let asked = export(&mut browser, &school, &everyone(), "csv").await;
    assert!(asked.body.contains("1 person will not be in the file"), "{}", asked.body);
    assert!(asked.body.contains("1 skipped: a restriction hides them from you."), "{}", asked.body);
    assert!(!asked.body.contains("Ann") && asked.headers.get(CONTENT_DISPOSITION).is_none());
    let (school, everyone) = (school.school.to_string(), everyone());
    let form = [("school", school.as_str()), ("selection", &everyone), ("format", "csv"), ("told", "1")];
    let file = browser.post("/accounts/export", &form).await;
    assert!(file.headers.contains_key(CONTENT_DISPOSITION), "{}", file.body);
    assert!(file.body.contains("m.ross") && !file.body.contains("a.lee"), "{}", file.body);
}

/// What an account is like says nothing about whether its owner is a student, so nothing is asked and nobody left out.
#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_list_with_accounts_in_every_state_is_imported_again_and_changes_nothing(pool: PgPool) {
    let (context, _) = backend(pool.clone());
    let school = TestSchool::new(&context).await;
    let manager = student(&context, &school, "Milo", "Ross", "1", None).await;
    active_account(&context, &school, manager, "m.ross", PASSWORD).await;
    staff_role(&context, &school, manager, Role::AccountManager).await;
    for (number, state) in
        ["created", "invited", "active", "locked", "suspended", "closed"].iter().enumerate()
    {
        let number = format!("00{number}7");
        let email = format!("{state}@post.example");
        let person = student(&context, &school, "Ann", state, &number, Some(&email)).await;
        account(&context, &school, person, state).await;
        let since = if matches!(*state, "active" | "locked") { Some(context.now()) } else { None };
        sqlx::query("UPDATE accounts SET state = $1, activated_at = $3 WHERE person_id = $2")
            .bind(state)
            .bind(person.0)
            .bind(since)
            .execute(context.database.raw())
            .await
            .unwrap();
    }
    let mut browser = Browser::new(&context);
    browser.sign_in("m.ross", PASSWORD).await;
    let csv = export(&mut browser, &school, &everyone(), "csv").await;
    assert!(csv.body.contains("Disabled") && csv.body.contains("Not invited"), "{}", csv.body);
    let folder = Folder::new();
    let file = folder.file("accounts.csv", &csv.body);
    let again = greencap(&pool, &["import", "students", &file, "--school", "QUILL", "--json"]).await;
    assert_eq!(again.status, Some(0), "{}", again.stderr);
    let told = again.json();
    assert_eq!((&told["unchanged"], &told["updated"]), (&7.into(), &0.into()), "{told}");
}
