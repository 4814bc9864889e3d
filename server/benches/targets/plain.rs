//! A floor that is independent of our schema: the COPY of as many accounts, and of a message to each, into
//! two plain tables with four unique indexes and one foreign key between them, in one transaction.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use backend::Backend;
use data_encoding::HEXLOWER;
use uuid::Uuid;

const ACCOUNTS: &str = "CREATE TABLE plain_accounts (
    id uuid PRIMARY KEY, username text NOT NULL UNIQUE, person_id uuid NOT NULL, state text NOT NULL,
    created_at timestamptz NOT NULL)";
const MESSAGES: &str = "CREATE TABLE plain_messages (
    id uuid PRIMARY KEY, account_id uuid NOT NULL REFERENCES plain_accounts (id), address text NOT NULL,
    code_hash bytea NOT NULL UNIQUE, state text NOT NULL, created_at timestamptz NOT NULL)";

/// Fills the two tables and returns how long the loading took. Ids are generated as the program does.
pub async fn copy(backend: &Backend, count: i32) -> Duration {
    let (mut accounts, mut messages) = (String::new(), String::new());
    let now = backend.now().to_rfc3339();
    for n in 0..count {
        let (account, person, message): (Uuid, Uuid, Uuid) =
            (backend.new_id(), backend.new_id(), backend.new_id());
        let mut hash = [0; 32];
        backend.random.fill(&mut hash);
        writeln!(accounts, "{account}\tgiven.family{n}\t{person}\tinvited\t{now}").unwrap();
        let hash = HEXLOWER.encode(&hash);
        writeln!(messages, "{message}\t{account}\t{person}@post.example\t\\\\x{hash}\tqueued\t{now}")
            .unwrap();
    }
    let mut connection = backend.database.raw().acquire().await.unwrap();
    sqlx::query("DROP TABLE IF EXISTS plain_messages, plain_accounts")
        .execute(&mut *connection)
        .await
        .unwrap();
    sqlx::query(ACCOUNTS).execute(&mut *connection).await.unwrap();
    sqlx::query(MESSAGES).execute(&mut *connection).await.unwrap();
    let start = Instant::now();
    sqlx::query("BEGIN").execute(&mut *connection).await.unwrap();
    for (into, rows) in
        [("COPY plain_accounts FROM STDIN", &accounts), ("COPY plain_messages FROM STDIN", &messages)]
    {
        let mut copy = connection.copy_in_raw(into).await.unwrap();
        for part in rows.as_bytes().chunks(256 * 1024) {
            copy.send(part).await.unwrap();
        }
        copy.finish().await.unwrap();
    }
    sqlx::query("COMMIT").execute(&mut *connection).await.unwrap();
    start.elapsed()
}
