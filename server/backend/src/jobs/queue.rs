//! Queuing a job, reading its progress, and cancelling it.

use chrono::{DateTime, Utc};
use domain::ids::OrganisationId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::job::Job;
use crate::{Backend, Error, Result};

/// The channel that notifies workers of new jobs.
pub const CHANNEL: &str = "jobs";

/// Queues a job in the caller's transaction, and wakes the workers when that commits. `id` becomes the job's
/// id and `subject` names what it works on. A job stores ids and nothing else.
///
/// A job that belongs to no organisation needs a system transaction.
pub async fn queue<J: Job>(
    backend: &Backend,
    connection: &mut PgConnection,
    id: Uuid,
    organisation: Option<OrganisationId>,
    subject: Option<Uuid>,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO jobs (id, organisation_id, name, subject, priority, scheduled, state, due_at, created_at)
         VALUES ($1, $2, $3, $4, $5, false, 'queued', $6, $6)",
    )
    .bind(id)
    .bind(organisation.map(|organisation| organisation.0))
    .bind(J::NAME)
    .bind(subject)
    .bind(J::PRIORITY.rank())
    .bind(backend.now())
    .execute(&mut *connection)
    .await?;
    wake(connection, CHANNEL).await
}

/// Wakes the workers that listen on this channel when the transaction commits.
pub(crate) async fn wake(connection: &mut PgConnection, channel: &str) -> Result<()> {
    sqlx::query("SELECT pg_notify($1, '')").bind(channel).execute(connection).await?;
    Ok(())
}

/// The state of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// It waits for a worker, for the first time or for a retry.
    Queued,
    /// A worker runs it.
    Running,
    /// It is done.
    Done,
    /// It failed and is not retried.
    Failed,
    /// Someone cancelled it, and it left no trace.
    Cancelled,
}

impl JobState {
    const ALL: [Self; 5] = [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    /// The word in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Parses [`Self::slug`].
    pub(crate) fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.slug() == slug)
    }

    /// Whether it has ended.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// The progress of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobProgress {
    /// Its state.
    pub state: JobState,
    /// Whether someone asked to cancel it.
    pub is_cancelled: bool,
    /// How much of `total` is done, as last reported; both are 0 before the first report.
    pub done: u64,
    /// How much there is to do.
    pub total: u64,
    /// The current step, as last reported.
    pub step: Option<String>,
    /// A stable word for why the last run failed.
    pub failure: Option<String>,
    /// How many attempts were started.
    pub attempts: u32,
}

/// Returns the progress of a job of this organisation.
pub async fn progress(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    job: Uuid,
) -> Result<JobProgress> {
    type Row = (String, bool, i64, i64, Option<String>, Option<String>, i32);
    let (state, is_cancelled, done, total, step, failure, attempts): Row = sqlx::query_as(
        "SELECT state, cancelled_at IS NOT NULL, done, total, step, failure, attempts FROM jobs
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(organisation.0)
    .bind(job)
    .fetch_optional(connection)
    .await?
    .ok_or(Error::NotFound("job"))?;
    Ok(JobProgress {
        state: JobState::from_slug(&state).ok_or_else(|| Error::unexpected(format!("job state {state}")))?,
        is_cancelled,
        done: u64::try_from(done).unwrap_or_default(),
        total: u64::try_from(total).unwrap_or_default(),
        step,
        failure,
        attempts: u32::try_from(attempts).unwrap_or_default(),
    })
}

/// Locks a job of this organisation and returns its state. Waits for a worker that is about to record the
/// job's end; the state cannot change until the transaction ends.
pub(crate) async fn hold(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    job: Uuid,
) -> Result<JobState> {
    let state: String =
        sqlx::query_scalar("SELECT state FROM jobs WHERE organisation_id = $1 AND id = $2 FOR UPDATE")
            .bind(organisation.0)
            .bind(job)
            .fetch_optional(connection)
            .await?
            .ok_or(Error::NotFound("job"))?;
    JobState::from_slug(&state).ok_or_else(|| Error::unexpected(format!("job state {state}")))
}

/// Cancels a job of this organisation. A queued job ends at once. A running job finds out when it next
/// reports progress, within [`super::job::HEARS`] if it waits for that, and within a third of a lease in any
/// case. Does nothing if the job has ended.
pub async fn cancel(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    job: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    let found = sqlx::query(
        "UPDATE jobs SET cancelled_at = coalesce(cancelled_at, $3),
                ended_at = CASE state WHEN 'queued' THEN $3 ELSE ended_at END,
                state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(organisation.0)
    .bind(job)
    .bind(now)
    .execute(connection)
    .await?;
    if found.rows_affected() == 0 { Err(Error::NotFound("job")) } else { Ok(()) }
}
