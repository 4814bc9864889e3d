use backend::testing::{TestSchool, account, backend, student};
use serde_json::json;
use sqlx::PgPool;

use crate::command::greencap;

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_script_opens_closed_accounts_again(pool: PgPool) {
    let (context, _) = backend(pool.clone());
    let school = TestSchool::new(&context).await;
    for (given, number, username) in [("Ana", "0001", "a.berg"), ("Bem", "0002", "b.berg")] {
        let person = student(&context, &school, given, "Berg", number, None).await;
        account(&context, &school, person, username).await;
    }
    student(&context, &school, "Cy", "Berg", "0003", None).await;
    sqlx::query("UPDATE accounts SET state = 'closed' WHERE username = 'a.berg'")
        .execute(&pool)
        .await
        .unwrap();
    let reopen = ["accounts", "reopen", "--school", "QUILL", "--json"];
    let line = json!([{ "username": "a.berg", "key": "0001", "name": "Ana Berg" }]);
    let simulated = greencap(&pool, &[&reopen[..], &["--all", "--simulate"]].concat()).await;
    assert_eq!((simulated.status, &simulated.json()["accounts"]), (Some(0), &line), "{}", simulated.stderr);
    let refused = greencap(&pool, &[&reopen[..], &["--person", "0002"]].concat()).await;
    assert_eq!((refused.status, &refused.json()["rejected"]), (Some(3), &json!(1)));
    let problem = json!([{ "key": "0002", "username": "b.berg", "code": "account_not_closed",
        "message": "The account b.berg is not closed." }]);
    assert_eq!(refused.json()["problems"], problem);
    let never = greencap(&pool, &[&reopen[..], &["--person", "0003"]].concat()).await;
    assert_eq!((never.status, &never.json()["problems"][0]["code"]), (Some(3), &json!("no_account")));
    let done = greencap(&pool, &[&reopen[..], &["--person", "0001"]].concat()).await;
    assert_eq!((done.status, &done.json()["accounts"]), (Some(0), &line), "{}", done.stderr);
    assert!(done.json()["batches"][0].is_string());
    let states: Vec<(String, String)> =
        sqlx::query_as("SELECT username, state FROM accounts ORDER BY username")
            .fetch_all(&pool)
            .await
            .unwrap();
    let created = |username: &str| (username.to_owned(), "created".to_owned());
    assert_eq!(states, [created("a.berg"), created("b.berg")], "Cy was not asked for");
    assert_eq!(greencap(&pool, &reopen).await.status, Some(2));
}
