//! Serving as a user that owns nothing.

use backend::testing::{TestSchool, account, backend, student};
use serde_json::json;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

use crate::command::greencap;

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_user_that_owns_nothing_serves_and_is_told_who_migrates(pool: PgPool) {
    let (context, _) = backend(pool.clone());
    let school = TestSchool::new(&context).await;
    let ann = student(&context, &school, "Ann", "Lee", "0017", None).await;
    account(&context, &school, ann, "alee").await;
    // A fixed name, shared between runs: a role belongs to the cluster, and another test's database does not
    // depend on it.
    let made = "DO $$ BEGIN CREATE ROLE greencap_test_server LOGIN IN ROLE greencap_app, greencap_system;
                EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$";
    sqlx::query(made).execute(&pool).await.unwrap();
    let options = (*pool.connect_options()).clone().username("greencap_test_server");
    let server = PgPoolOptions::new().connect_lazy_with(options);

    let listed = greencap(&server, &["accounts", "list", "--school", "QUILL", "--json"]).await;
    assert_eq!(listed.status, Some(0), "{}", listed.stderr);
    let lee = json!({ "username": "alee", "key": "0017", "name": "Ann Lee", "state": "created" });
    assert_eq!(listed.json(), json!({ "accounts": [lee] }));

    sqlx::query("DELETE FROM _sqlx_migrations WHERE version = (SELECT max(version) FROM _sqlx_migrations)")
        .execute(&pool)
        .await
        .unwrap();
    let refused = greencap(&server, &["accounts", "list", "--school", "QUILL"]).await;
    assert_eq!(refused.status, Some(1));
    assert!(refused.stderr.contains("greencap migrate"), "{}", refused.stderr);
}
