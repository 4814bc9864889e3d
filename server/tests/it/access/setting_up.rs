//! The first administrator.

use axum::http::StatusCode;
use backend::access::setup;
use backend::testing;
use sqlx::PgPool;

use crate::browser::Browser;

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_first_administrator_makes_their_account_and_the_link_is_spent(pool: PgPool) {
    let (backend, _) = testing::backend(pool);
    let link = setup::link(&backend).await.unwrap().unwrap();
    let path = link.strip_prefix("http://localhost:3000").unwrap();
    let mut browser = Browser::new(&backend);
    assert_eq!(browser.get(path).await.status, StatusCode::OK);

    let wrong = [("given", "Halima"), ("email", "h"), ("username", "h.voss"), ("password", "short")];
    let answer = browser.post(path, &wrong).await;
    assert!(answer.body.contains(r##"href="#email""##) && answer.body.contains(r##"href="#password""##));
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
