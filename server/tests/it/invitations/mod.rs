//! `greencap invitations send` and `greencap worker`, as scripts use them.

pub mod activating;
mod mailbox;
mod wrong_address;

use backend::testing::{TestSchool, account, backend, student};
use serde_json::json;
use sqlx::PgPool;

use crate::command::greencap;

const SEND: [&str; 6] = ["invitations", "send", "--school", "QUILL", "--all-uninvited", "--json"];

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn everyone_uninvited_is_queued_once_and_who_has_no_address_is_named(pool: PgPool) {
    let (backend, _) = backend(pool.clone());
    let school = TestSchool::new(&backend).await;
    let ana = student(&backend, &school, "Ana", "Abara", "001", Some("ana@example.org")).await;
    let bo = student(&backend, &school, "Bo", "Brant", "002", None).await;
    account(&backend, &school, ana, "a.abara").await;
    account(&backend, &school, bo, "b.brant").await;

    let first = greencap(&pool, &SEND).await;
    assert_eq!(first.status, Some(0), "{}", first.stderr);
    let told = first.json();
    assert_eq!((&told["queued"], &told["skipped"]), (&json!(1), &json!(1)));
    assert_eq!(told["reasons"], json!({ "no_email": 1 }));
    assert_eq!(
        (&told["left_out"][0]["key"], &told["left_out"][0]["name"]),
        (&json!("002"), &json!("Bo Brant"))
    );
    assert_eq!(greencap(&pool, &SEND).await.json()["queued"], json!(0), "nobody is invited twice");

    let worker = greencap(&pool, &["worker", "--once"]).await;
    assert_eq!(worker.status, Some(0), "{}", worker.stderr);
    let recipients: Vec<String> =
        sqlx::query_scalar("SELECT recipient FROM mailbox").fetch_all(&pool).await.unwrap();
    assert_eq!(recipients, ["Ana Abara <ana@example.org>"]);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_school_or_batch_that_is_not_there_is_wrong_use(pool: PgPool) {
    let (backend, _) = backend(pool.clone());
    TestSchool::new(&backend).await;
    let batch = "0192f0c1-2b3c-7d4e-8f50-617283940516";
    for arguments in [
        vec!["invitations", "send", "--school", "OTHER", "--all-uninvited"],
        vec!["invitations", "send", "--school", "QUILL", "--batch", batch],
        vec!["invitations", "send", "--school", "QUILL"],
        vec!["invitations", "send", "--school", "QUILL", "--all-uninvited", "--batch", batch],
    ] {
        let ended = greencap(&pool, &arguments).await;
        assert_eq!(ended.status, Some(2), "{arguments:?}: {}", ended.stderr);
        assert!(!ended.stderr.is_empty() && ended.stdout.is_empty());
    }
}
