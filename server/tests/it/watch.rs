//! Pages that reload while they are being worked on.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::CONTENT_SECURITY_POLICY;
use backend::Backend;
use backend::testing::backend as testing_backend;
use sqlx::PgPool;

use crate::browser::Browser;

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn pages_follow_the_server_in_that_mode_alone_and_under_the_same_policy(pool: PgPool) {
    let (backend, _) = testing_backend(pool);
    let plain = Browser::new(&backend).get("/sign-in").await;
    assert!(!plain.body.contains("/watch.js"));
    assert_eq!(Browser::new(&backend).get("/watch.js").await.status, StatusCode::NOT_FOUND);

    let mut config = (*backend.config).clone();
    config.watch = true;
    let backend = Backend { config: Arc::new(config), ..backend };
    let mut watched = Browser::new(&backend);
    let page = watched.get("/sign-in").await;
    assert!(page.body.contains("src=\"/watch.js\""), "{}", page.body);
    assert_eq!(page.headers[CONTENT_SECURITY_POLICY], plain.headers[CONTENT_SECURITY_POLICY]);
    assert_eq!(watched.get("/watch.js").await.status, StatusCode::OK);
    let server = watched.get("/watch/1").await.body;
    assert_eq!(watched.get("/watch/2").await.body, server);
    assert_ne!(Browser::new(&backend).get("/watch/3").await.body, server, "the next run is another");
}
