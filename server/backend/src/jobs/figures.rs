//! Figures about the queues, for monitoring.

use crate::{Backend, Result};

/// How much work waits, over all organisations, and the state of the connections.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QueueFigures {
    /// Messages that wait to be sent, or are being sent.
    pub messages_waiting: i64,
    /// How long the message that is due has waited the longest, in seconds.
    pub messages_oldest: f64,
    /// Jobs that wait or run; scheduled ones count only once they are due.
    pub jobs_waiting: i64,
    /// How long the job that is due has waited the longest, in seconds.
    pub jobs_oldest: f64,
    /// Open connections to the database.
    pub connections: u32,
    /// Those of them that are not in use.
    pub idle_connections: usize,
}

/// Reads the figures.
pub async fn figures(backend: &Backend) -> Result<QueueFigures> {
    let mut db = backend.system_transaction().await?;
    let (messages_waiting, messages_oldest) = sqlx::query_as::<_, (i64, f64)>(
        "SELECT count(*), coalesce(extract(epoch FROM $1 - min(due_at) FILTER (WHERE due_at <= $1)), 0)::float8
         FROM messages WHERE state IN ('queued', 'sending')",
    )
    .bind(backend.now())
    .fetch_one(&mut *db)
    .await?;
    let (jobs_waiting, jobs_oldest) = sqlx::query_as::<_, (i64, f64)>(
        "SELECT count(*), coalesce(extract(epoch FROM $1 - min(due_at) FILTER (WHERE due_at <= $1)), 0)::float8
         FROM jobs WHERE state IN ('queued', 'running') AND (due_at <= $1 OR NOT scheduled)",
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
