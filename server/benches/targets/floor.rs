//! The floor for what fills tables: the COPY of the same rows, in the same run.

use std::time::{Duration, Instant};

use futures_util::TryStreamExt as _;
use sqlx::postgres::PgPool;

/// The tables that something fills.
pub struct Filled {
    /// How the rows of each table are read out and loaded again, in the order of their references.
    pub tables: &'static [(&'static str, &'static str)],
    /// Empties them.
    pub emptied: &'static str,
}

impl Filled {
    /// Reads the rows out and loads them again by COPY, in one transaction; returns how long the loading
    /// took.
    pub async fn copy_again(&self, pool: &PgPool) -> Duration {
        let mut connection = pool.acquire().await.unwrap();
        let mut held = Vec::new();
        for (out, _) in self.tables {
            let parts: Vec<_> = connection.copy_out_raw(out).await.unwrap().try_collect().await.unwrap();
            held.push(parts.concat());
        }
        sqlx::query(self.emptied).execute(&mut *connection).await.unwrap();
        let start = Instant::now();
        sqlx::query("BEGIN").execute(&mut *connection).await.unwrap();
        for ((_, into), rows) in self.tables.iter().zip(&held) {
            let mut copy = connection.copy_in_raw(into).await.unwrap();
            for part in rows.chunks(256 * 1024) {
                copy.send(part).await.unwrap();
            }
            copy.finish().await.unwrap();
        }
        sqlx::query("COMMIT").execute(&mut *connection).await.unwrap();
        start.elapsed()
    }
}
