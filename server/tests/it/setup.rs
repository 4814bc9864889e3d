//! The first administrator.

use axum::http::StatusCode;
use backend::setup::link;
use backend::testing;
use sqlx::PgPool;

use crate::browser::Browser;

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_first_administrator_makes_their_account_and_the_link_is_spent(pool: PgPool) {
    let (backend, _) = testing::backend(pool);
    let link = link::link(&backend).await.unwrap().unwrap();
    let path = link.strip_prefix("http://localhost:3000").unwrap();
    let mut browser = Browser::new(&backend);
    assert_eq!(browser.get(path).await.status, StatusCode::OK);

    let wrong = [("given", "Halima"), ("email", "h"), ("username", "h.voss"), ("password", "short")];
    let answer = browser.post(path, &wrong).await;
    assert!(answer.body.contains(r#"id="email-error""#) && answer.body.contains(r#"id="password-error""#));
    assert!(answer.body.contains(r#"value="Halima""#) && !answer.body.contains("value=\"short\""));

    let right = [
        ("given", "Halima"),
        ("family", "Voss"),
        ("email", "h.voss@quillmere.example"),
        ("username", "h.voss"),
        ("password", "kettle orbit mustard"),
    ];
    let answer = browser.post(path, &right).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, Some("/")));
    assert!(browser.cookies.contains_key("greencap"));

    let mut late = Browser::new(&backend);
    assert_eq!(late.get(path).await.status, StatusCode::GONE);
    assert_eq!(late.post(path, &right).await.status, StatusCode::GONE);
    assert!(late.cookies.is_empty());
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn of_fifty_who_send_the_form_at_once_one_becomes_administrator(pool: PgPool) {
    let (backend, _) = testing::backend(pool);
    let link = link::link(&backend).await.unwrap().unwrap();
    let path = link.strip_prefix("http://localhost:3000").unwrap().to_owned();
    let tasks: Vec<_> = (0..50)
        .map(|n| {
            let (mut browser, path) = (Browser::new(&backend), path.clone());
            tokio::spawn(async move {
                let (email, username) = (format!("h{n}@quillmere.example"), format!("h.voss{n}"));
                let form = [
                    ("given", "Halima"),
                    ("family", "Voss"),
                    ("email", &*email),
                    ("username", &*username),
                    ("password", "kettle orbit mustard"),
                ];
                let answer = browser.post(&path, &form).await;
                (answer.status, browser.cookies.contains_key("greencap"))
            })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    let came_in = answers.iter().filter(|(_, signed_in)| *signed_in).count();
    assert_eq!(came_in, 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|(status, _)| *status == StatusCode::SEE_OTHER).count(), 1);
    let made: (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM staff_roles), (SELECT count(*) FROM people)",
    )
    .fetch_one(backend.database.raw())
    .await
    .unwrap();
    assert_eq!(made, (1, 1, 1));
}
