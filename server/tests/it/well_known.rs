//! Addresses that every website has.

use axum::http::StatusCode;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::scene::Scene;

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn programs_find_where_a_password_is_changed_and_that_nothing_is_for_search_engines(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut browser = Browser::new(&scene.backend);
    let change = browser.get("/.well-known/change-password").await;
    assert_eq!((change.status, change.location()), (StatusCode::FOUND, Some("/account/password")));
    assert_eq!(browser.get("/robots.txt").await.body, "User-agent: *\nDisallow: /\n");
    let none = browser.get("/.well-known/security.txt").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND, "where nobody says where to report, nothing is made up");
}
