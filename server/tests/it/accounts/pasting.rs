//! `greencap accounts paste`.

use axum::http::{Method, StatusCode};
use backend::testing::files::{text_row, workbook};
use backend::testing::{TestSchool, backend, group, student};
use serde_json::json;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::command::{CommandOutcome, greencap};
use crate::scene::{PASSWORD, Scene, administrator_of_all};

/// Pastes a list.
async fn paste(pool: &PgPool, list: &str, more: &[&str]) -> CommandOutcome {
    let file = std::env::temp_dir().join(format!("greencap-list-{}.csv", uuid::Uuid::new_v4().simple()));
    std::fs::write(&file, list).unwrap();
    let mut arguments = vec!["accounts", "paste", file.to_str().unwrap(), "--school", "QUILL"];
    arguments.extend(more);
    let ended = greencap(pool, &arguments).await;
    std::fs::remove_file(&file).unwrap();
    ended
}

async fn count(pool: &PgPool, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_list_is_created_in_a_group_and_not_twice(pool: PgPool) {
    let (context, _) = backend(pool.clone());
    let school = TestSchool::new(&context).await;
    student(&context, &school, "Ana", "Berg", "0001", None).await;
    group(&context, &school, "10B Maths", &[]).await;
    let list = "Surname,Forename,Email,House\nBerg,Ana,,Red\nOlsen,Bo,bo@school.example,Blue\n";
    let into = ["--group", "10b maths", "--json"];

    let simulated = paste(&pool, list, &[&into[..], &["--simulate"]].concat()).await;
    assert_eq!(
        (simulated.status, count(&pool, "SELECT count(*) FROM accounts").await),
        (Some(0), 0),
        "{}",
        simulated.stderr
    );
    let made = paste(&pool, list, &into).await;
    assert_eq!(made.status, Some(0), "{}", made.stderr);
    let report = made.json();
    assert_eq!(
        report["accounts"],
        json!([
            { "username": "a.berg", "key": "0001", "name": "Ana Berg" },
            { "username": "b.olsen", "key": "b.olsen", "name": "Bo Olsen" },
        ])
    );
    assert_eq!((&report["added"], &report["left_out"]), (&json!(2), &json!(["House"])));
    assert_eq!(report["accounts"], simulated.json()["accounts"]);
    assert_eq!(count(&pool, "SELECT count(*) FROM group_members").await, 2);

    let again = paste(&pool, list, &into).await;
    let report = again.json();
    assert_eq!((again.status, &report["added"], &report["unchanged"]), (Some(0), &json!(0), &json!(2)));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn wrong_rows_are_rejected_with_a_sentence_and_the_rest_is_created_in_a_new_group(pool: PgPool) {
    let (context, _) = backend(pool.clone());
    TestSchool::new(&context).await;
    let list = "Berg\tAna\nOlsen\tBo\tbo.school.example\n";
    let made = paste(&pool, list, &["--new-group", "Maths set 1", "--json"]).await;
    assert_eq!(made.status, Some(3), "{}", made.stderr);
    let report = made.json();
    assert_eq!((&report["added"], &report["rejected"]), (&json!(1), &json!(1)));
    assert_eq!((&report["problems"][0]["row"], &report["problems"][0]["code"]), (&json!(2), &json!("email")));
    assert_eq!(count(&pool, "SELECT count(*) FROM groups WHERE name = 'Maths set 1'").await, 1);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn what_is_no_list_or_names_nothing_changes_nothing(pool: PgPool) {
    let (context, _) = backend(pool.clone());
    TestSchool::new(&context).await;
    let many = (0..50_000).map(|row| format!("Berg{row}\tAna\n")).collect::<Vec<_>>().concat();
    for (list, more, status, said) in [
        (&*many, &["--new-group", "X"][..], 1, "That is 50000 rows"),
        ("%PDF-1.7", &["--new-group", "X"], 1, "This is a PDF document, not a table"),
        ("Name\tEmail\nLi Wei\tli@x.example", &["--new-group", "X"], 1, "as in \u{201c}Li Wei\u{201d}"),
        ("Berg\tAna", &["--group", "nowhere"], 1, "There is no open group called nowhere"),
        ("Berg\tAna", &["--new-group", "X", "--course", "MA"], 1, "There is no course with the code MA"),
        ("Berg\tAna", &["--new-group", "X", "--tutor", "ABC"], 2, "no member of staff with the code ABC"),
        ("Berg\tAna", &[], 2, "--group"),
    ] {
        let ended = paste(&pool, list, more).await;
        assert_eq!(ended.status, Some(status), "{said}: {}", ended.stderr);
        assert!(ended.stderr.contains(said), "{said}: {}", ended.stderr);
    }
    assert_eq!(count(&pool, "SELECT (SELECT count(*) FROM people) + (SELECT count(*) FROM groups)").await, 0);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_workbook_is_read_and_whole_names_in_the_order_that_was_said(pool: PgPool) {
    let (context, _) = backend(pool.clone());
    TestSchool::new(&context).await;
    let file = std::env::temp_dir().join(format!("greencap-list-{}.xlsx", uuid::Uuid::new_v4().simple()));
    std::fs::write(&file, workbook(&[text_row(1, &["Name"]), text_row(2, &["Li Wei"])].concat())).unwrap();
    let list = file.to_str().unwrap();
    let into = ["--school", "QUILL", "--new-group", "Maths set 1", "--names", "family-first", "--json"];
    let made = greencap(&pool, &[&["accounts", "paste", list][..], &into].concat()).await;
    std::fs::remove_file(&file).unwrap();
    assert_eq!(made.status, Some(0), "{}", made.stderr);
    assert_eq!(made.json()["accounts"][0]["username"], "w.li");
}

/// A form with a file for a pasted list.
fn form(school: &str, file: &str) -> String {
    format!(
        "--cut\r\nContent-Disposition: form-data; name=\"school\"\r\n\r\n{school}\r\n--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"class.csv\"\r\nContent-Type: text/csv\r\n\r\n{file}\r\n--cut--\r\n"
    )
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_file_gives_its_cells_back_or_a_sentence_and_keeps_nothing(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let number = ("1043", "olive");
    administrator_of_all(&scene.backend, &scene.school, "Olive", "Head", number).await;
    let mut office = Browser::new(&scene.backend);
    office.sign_in("olive", PASSWORD).await;
    let headers = [
        ("sec-fetch-site", "same-origin"),
        ("accept", "application/json"),
        ("content-type", "multipart/form-data; boundary=cut"),
    ];
    let mut send = async |body: String| {
        let answer = office.exchange(Method::POST, "/accounts/paste/file", &headers, body).await;
        (answer.status, serde_json::from_str::<serde_json::Value>(&answer.body).unwrap_or_default())
    };
    let school = scene.school.school.to_string();
    let (status, read) = send(form(&school, "Surname,Forename\nBerg,Ana\n")).await;
    assert_eq!((status, &read["rows"]), (StatusCode::OK, &json!([["Surname", "Forename"], ["Berg", "Ana"]])));
    let (status, refused) = send(form(&school, "%PDF-1.7")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused["message"].as_str().unwrap().contains("a PDF document"), "{refused}");
    let elsewhere = uuid::Uuid::nil().to_string();
    assert_eq!(send(form(&elsewhere, "Berg,Ana")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(send("--cut\r\nno headers".to_owned()).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(scene.count("SELECT count(*) FROM imports").await, 0);
}
