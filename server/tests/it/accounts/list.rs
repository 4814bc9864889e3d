use backend::testing::{TestSchool, account, backend, student};
use serde_json::json;
use sqlx::PgPool;

use crate::command::greencap;

const LIST: [&str; 4] = ["accounts", "list", "--school", "QUILL"];

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn accounts_are_listed_for_scripts_and_for_spreadsheets(pool: PgPool) {
    let (context, _) = backend(pool.clone());
    let school = TestSchool::new(&context).await;
    let ann = student(&context, &school, "=Ann", "Lee, \"Junior\"", "0017", None).await;
    let bo = student(&context, &school, "Bo", "Kim", "0002", None).await;
    account(&context, &school, ann, "alee").await;
    let closed = account(&context, &school, bo, "bkim").await;
    sqlx::query("UPDATE accounts SET state = 'closed' WHERE id = $1")
        .bind(closed.0)
        .execute(&pool)
        .await
        .unwrap();

    let listed = greencap(&pool, &[&LIST[..], &["--json"]].concat()).await;
    assert_eq!(listed.status, Some(0), "{}", listed.stderr);
    assert_eq!(
        listed.json(),
        json!({ "accounts": [
            { "username": "bkim", "key": "0002", "name": "Bo Kim", "state": "closed" },
            { "username": "alee", "key": "0017", "name": "=Ann Lee, \"Junior\"", "state": "created" },
        ] })
    );
    let created = greencap(&pool, &[&LIST[..], &["--state", "created", "--csv"]].concat()).await;
    assert_eq!(created.stdout, "username,key,name,state\nalee,0017,\"'=Ann Lee, \"\"Junior\"\"\",created\n");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_state_or_school_that_does_not_exist_is_wrong_use(pool: PgPool) {
    let (context, _) = backend(pool.clone());
    TestSchool::new(&context).await;
    let state = greencap(&pool, &[&LIST[..], &["--state", "sleeping"]].concat()).await;
    assert_eq!(state.status, Some(2));
    assert!(state.stderr.contains("use one of created, invited"), "{}", state.stderr);
    let school = greencap(&pool, &["accounts", "list", "--school", "NOWHERE"]).await;
    assert_eq!(school.status, Some(2));
}
