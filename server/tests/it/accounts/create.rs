use backend::testing::{TestSchool, backend, student};
use serde_json::json;
use sqlx::PgPool;

use crate::command::greencap;

const CREATE: [&str; 7] = ["accounts", "create", "--school", "QUILL", "--roll", "current", "--json"];

async fn accounts(pool: &PgPool) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM accounts").fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn everyone_current_gets_an_account_once(pool: PgPool) {
    let (context, _) = backend(pool.clone());
    let school = TestSchool::new(&context).await;
    student(&context, &school, "Tomasz", "Wilczarek", "0001", None).await;
    student(&context, &school, "Tymon", "Wilczarek", "0002", None).await;

    let simulated = greencap(&pool, &[&CREATE[..], &["--simulate"]].concat()).await;
    assert_eq!((simulated.status, accounts(&pool).await), (Some(0), 0));
    let made = greencap(&pool, &CREATE).await;
    assert_eq!(made.status, Some(0), "{}", made.stderr);
    let report = made.json();
    assert_eq!(report["added"], 2);
    assert_eq!(
        report["accounts"],
        json!([
            { "username": "t.wilczarek", "key": "0001", "name": "Tomasz Wilczarek" },
            { "username": "t.wilczarek2", "key": "0002", "name": "Tymon Wilczarek" },
        ])
    );
    assert_eq!(report["accounts"], simulated.json()["accounts"]);
    let batch: String = sqlx::query_scalar("SELECT id::text FROM operations").fetch_one(&pool).await.unwrap();
    assert_eq!(report["batch"], batch);

    let again = greencap(&pool, &CREATE).await;
    let report = again.json();
    assert_eq!((again.status, &report["added"], &report["unchanged"]), (Some(0), &json!(0), &json!(2)));
    assert_eq!(report["batch"], json!(null));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn what_needs_a_persons_eye_is_rejected_and_the_rest_is_made(pool: PgPool) {
    let (context, _) = backend(pool.clone());
    let school = TestSchool::new(&context).await;
    student(&context, &school, "", "Root", "0001", None).await;
    student(&context, &school, "Ana", "Berg", "0002", None).await;
    let ended = greencap(&pool, &[&CREATE[..], &["--template", "{given}.{family}"]].concat()).await;
    let report = ended.json();
    assert_eq!(ended.status, Some(3));
    assert_eq!(report["accounts"][0]["username"], "ana.berg");
    assert_eq!(
        (&report["rejected"], &report["problems"][0]["code"]),
        (&json!(1), &json!("username_reserved"))
    );
    assert_eq!(accounts(&pool).await, 1);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn wrong_use_ends_with_status_2_and_says_what_is_wrong(pool: PgPool) {
    let (context, _) = backend(pool.clone());
    TestSchool::new(&context).await;
    let nowhere = ["accounts", "create", "--school", "NOWHERE", "--roll", "current"];
    let ended = greencap(&pool, &nowhere).await;
    assert_eq!(ended.status, Some(2));
    assert!(ended.stderr.contains("NOWHERE"), "{}", ended.stderr);
    let ended = greencap(&pool, &[&CREATE[..], &["--template", "{nickname}"]].concat()).await;
    assert_eq!(ended.status, Some(2));
    assert!(ended.stderr.contains("There is no piece {nickname}."), "{}", ended.stderr);
}
