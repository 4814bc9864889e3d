//! Tables as an older version made them, for tests of what an upgrade does with what is in them.

use sqlx::PgPool;
use sqlx::Postgres;
use sqlx::pool::PoolConnection;

use crate::db::MIGRATOR;

/// A connection that sees the tables as they were before a migration, empty and in a schema of their own: a test's database is
/// a copy of one that is up to date. [`MIGRATOR`] on it does the rest.
pub async fn tables_before(pool: &PgPool, migration: i64) -> PoolConnection<Postgres> {
    let mut connection = pool.acquire().await.expect("a connection");
    for statement in ["CREATE SCHEMA older", "SET search_path TO older, public"] {
        sqlx::query(statement).execute(&mut *connection).await.expect("a schema");
    }
    MIGRATOR.run_to(migration - 1, &mut *connection).await.expect("older migrations");
    connection
}
