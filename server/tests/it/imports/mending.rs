//! Mending a file on its page, sending its rows back, pasting cells, and what is remembered of senders.

use axum::http::StatusCode;
use axum::http::header::CONTENT_DISPOSITION;
use domain::authorization::role::Role;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::upload::Office;
use crate::browser::Browser;

const FILE: &str = "Adm No,Forename,Surname,DOB\n1,Ada,Lee,07/08\n2,Eve,Lee,07/08\n,Bo,Li,2012-05-01\n";

/// Uploads a file and checks it as the page does. Returns its id.
async fn checked(office: &Office, browser: &mut Browser, file: &str) -> String {
    let (_, location, body) = office.upload(browser, file.as_bytes(), "text/html").await;
    let import = location.unwrap_or_else(|| panic!("{body}")).trim_start_matches("/imports/").to_owned();
    let choices = ["admission_number", "given_name", "family_name", "date_of_birth"];
    let checked = browser.call("imports/check", &json!({ "import": import, "choices": choices })).await;
    assert!(checked.body.contains(r#""state":"planned""#), "{}", checked.body);
    import
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_file_is_mended_on_its_page_and_imported(pool: PgPool) {
    let office = Office::new(pool).await;
    let mut browser = office.sign_in("olive", Role::AccountManager).await;
    let import = checked(&office, &mut browser, FILE).await;
    let page = browser.get(&format!("/imports/{import}")).await.body;
    for said in [
        "Rows to correct",
        "Date of birth: not a date",
        "Replace in 2 rows",
        "These rows as Excel",
        "2 added + 1 rejected = 3 rows",
    ] {
        assert!(page.contains(said), "{said} is not in {page}");
    }
    let found = browser.call("imports/problems", &json!({ "import": import })).await;
    let found: Value = serde_json::from_str(&found.body).unwrap();
    let dates = found["kinds"].as_array().unwrap().iter().find(|kind| kind["rows"] == 2).unwrap();
    let replace =
        json!({ "mend": "replace", "problem": dates["key"], "value": "07/08", "with": "2012-08-07" });
    let fixed = browser.call("imports/mend", &json!({ "import": import, "mending": replace })).await;
    assert!(fixed.body.contains(r#""corrected":2"#), "{}", fixed.body);
    let row = json!({ "mend": "row", "row": 4, "cells": [{ "column": 0, "value": "3" }] });
    let fixed = browser.call("imports/mend", &json!({ "import": import, "mending": row })).await;
    let fixed: Value = serde_json::from_str(&fixed.body).unwrap();
    assert_eq!((&fixed["counts"]["added"], &fixed["counts"]["rejected"]), (&3.into(), &0.into()));
    let done = browser.call("imports/commit", &json!({ "import": import, "plan": fixed["plan"] })).await;
    assert!(done.body.contains(r#""became":"done""#), "{}", done.body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_rows_to_correct_are_downloaded_for_their_sender(pool: PgPool) {
    let office = Office::new(pool).await;
    let mut browser = office.sign_in("olive", Role::AccountManager).await;
    let import = checked(&office, &mut browser, FILE).await;
    let sheet = browser.post(&format!("/imports/{import}/faulty"), &[("format", "csv")]).await;
    assert_eq!(sheet.status, StatusCode::OK, "{}", sheet.body);
    let name = sheet.headers[CONTENT_DISPOSITION].to_str().unwrap();
    assert_eq!(name, "attachment; filename=\"rows-to-correct.csv\"");
    let head = "\u{feff}Adm No,Forename,Surname,DOB,What to correct (from Greencap)";
    assert!(sheet.body.starts_with(head) && sheet.body.lines().count() == 4, "{}", sheet.body);
    let book = browser.post(&format!("/imports/{import}/faulty"), &[("format", "xlsx")]).await;
    assert_eq!(book.status, StatusCode::OK);
    let mut viewer = office.sign_in("victor", Role::OfficeViewer).await;
    let refused = viewer.post(&format!("/imports/{import}/faulty"), &[("format", "csv")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn cells_are_pasted_and_an_empty_field_says_so(pool: PgPool) {
    let office = Office::new(pool).await;
    let mut browser = office.sign_in("olive", Role::AccountManager).await;
    let cells = "Adm No\tForename\tSurname\r\n0007\tAda\tLee\r\n";
    let (status, location, body) = office.upload_with(&browser, b"", "text/html", &[("pasted", cells)]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{body}");
    let page = browser.get(&location.unwrap()).await.body;
    assert!(page.contains("Pasted on ") && page.contains("0007"), "{page}");
    let (status, _, body) = office.upload_with(&browser, b"", "application/json", &[("pasted", " ")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body.contains("Copy cells in a spreadsheet"), "{body}");
    let page = browser.get("/imports").await.body;
    assert!(
        page.contains("Paste cells from a spreadsheet instead")
            && page.contains("/imports/senders?kind=students")
    );
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn what_is_remembered_of_a_sender_is_seen_renamed_and_forgotten(pool: PgPool) {
    let office = Office::new(pool).await;
    let mut browser = office.sign_in("olive", Role::AccountManager).await;
    let empty = browser.get("/imports/senders?kind=students").await.body;
    assert!(empty.contains("Nothing is remembered yet."), "{empty}");
    let import = checked(&office, &mut browser, "Adm No,Forename,Surname,DOB\n1,Ada,Lee,2012-05-01\n").await;
    let view = browser.call("imports/view", &json!({ "import": import })).await;
    let view: Value = serde_json::from_str(&view.body).unwrap();
    let done = browser.call("imports/commit", &json!({ "import": import, "plan": view["plan"] })).await;
    assert!(done.body.contains(r#""became":"done""#), "{}", done.body);

    let page = browser.get("/imports/senders?kind=students").await.body;
    assert!(page.contains("roll") && page.contains("Forename") && page.contains("Given name"), "{page}");
    let sender: String = sqlx::query_scalar("SELECT id::text FROM import_senders")
        .fetch_one(office.backend.database.raw())
        .await
        .unwrap();
    let change = format!("/imports/senders/{sender}?kind=students");
    let wrong = browser.post(&change, &[("what", "rename"), ("name", " ")]).await;
    assert!(wrong.body.contains("Enter a name with at most 80 characters."), "{}", wrong.body);
    let renamed = browser.post(&change, &[("what", "rename"), ("name", "SIMS weekly")]).await;
    assert_eq!(renamed.status, StatusCode::SEE_OTHER, "{}", renamed.body);
    let page = browser.get("/imports/senders?kind=students&done=renamed").await.body;
    assert!(page.contains("SIMS weekly") && page.contains("The name was saved."), "{page}");
    let forgotten = browser.post(&change, &[("what", "forget"), ("name", "")]).await;
    assert_eq!(forgotten.status, StatusCode::SEE_OTHER);
    let again = browser.post(&change, &[("what", "forget"), ("name", "")]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}
