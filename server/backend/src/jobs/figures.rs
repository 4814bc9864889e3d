//! Figures about the queues, for monitoring.

use crate::{Backend, Result};

/// How much work waits, over all organisations, and the state of the connections.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QueueFigures {
    /// Messages that wait to be sent, or are being sent.
    pub messages_waiting: i64,
    /// How long the message that is due, or is retried, has waited the longest, in seconds.
    pub messages_oldest: f64,
    /// Jobs that wait or run; scheduled ones count only once they are due.
    pub jobs_waiting: i64,
    /// How long the job that is due, or is retried, has waited the longest, in seconds.
    pub jobs_oldest: f64,
    /// Open connections to the database.
    pub connections: u32,
    /// Those of them that are not in use.
    pub idle_connections: usize,
}

/// Reads the figures.
pub async fn figures(backend: &Backend) -> Result<QueueFigures> {
    let mut db = backend.system_transaction().await?;
    // A retry moves `due_at`, so what failed has waited since it was queued. What has not failed has waited since it was
    // due: one that was cancelled and is queued again is older than its wait, and a claimed one is due when its lease ends.
    let (messages_waiting, messages_oldest) = sqlx::query_as::<_, (i64, f64)>(
        "SELECT count(*),
                coalesce(extract(epoch FROM $1 - min(CASE WHEN error_code IS NULL THEN due_at ELSE created_at END)
                    FILTER (WHERE due_at <= $1 OR error_code IS NOT NULL)), 0)::float8
         FROM messages WHERE state IN ('queued', 'sending')",
    )
    .bind(backend.now())
    .fetch_one(&mut *db)
    .await?;
    // The same for jobs. A scheduled one is as old as the database: it has waited since its first attempt began.
    let (jobs_waiting, jobs_oldest) = sqlx::query_as::<_, (i64, f64)>(
        "SELECT count(*) FILTER (WHERE due_at <= $1 OR NOT scheduled),
                coalesce(extract(epoch FROM $1 - min(CASE WHEN NOT retried THEN due_at
                                                          WHEN scheduled THEN begun_at
                                                          ELSE created_at END)
                    FILTER (WHERE due_at <= $1 OR retried)), 0)::float8
         FROM jobs, LATERAL (SELECT failure IS NOT NULL OR attempts > 1 AS retried) AS so_far
         WHERE state IN ('queued', 'running')",
    )
    .bind(backend.now())
    .fetch_one(&mut *db)
    .await?;
    db.rollback().await?;
    let (connections, idle_connections) = backend.database.connections();
    Ok(QueueFigures {
        messages_waiting,
        messages_oldest,
        jobs_waiting,
        jobs_oldest,
        connections,
        idle_connections,
    })
}
