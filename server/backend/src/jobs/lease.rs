//! The worker's SQL: takes a job under a lease, renews the lease, and records how the job ended. Every write
//! checks the lease, so that a worker which lost it records nothing.
//!
//! Workers serve every organisation.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::job::JobKind;

/// A job that a worker has taken.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct ClaimedJob {
    pub(super) id: Uuid,
    pub(super) organisation_id: Option<Uuid>,
    pub(super) name: String,
    pub(super) subject: Option<Uuid>,
    pub(super) attempts: i32,
    pub(super) cancelled: bool,
}

/// The state of a worker's lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeaseState {
    /// The job continues.
    Kept,
    /// Someone cancelled the job.
    Cancelled,
    /// The lease expired, and another worker has the job.
    Lost,
}

impl LeaseState {
    fn of(cancelled: Option<bool>) -> Self {
        match cancelled {
            Some(true) => Self::Cancelled,
            Some(false) => Self::Kept,
            None => Self::Lost,
        }
    }
}

/// Inserts the rows of scheduled jobs that do not have one yet, due now.
pub(super) async fn schedule(
    connection: &mut PgConnection,
    kinds: &[JobKind],
    new_id: impl Fn() -> Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let scheduled: Vec<&JobKind> = kinds.iter().filter(|kind| kind.every.is_some()).collect();
    sqlx::query(
        "INSERT INTO jobs (id, name, priority, scheduled, state, due_at, created_at)
         SELECT id, name, priority, true, 'queued', $4, $4
         FROM unnest($1::uuid[], $2::text[], $3::smallint[]) AS job (id, name, priority)
         ON CONFLICT (name) WHERE scheduled DO NOTHING",
    )
    .bind(scheduled.iter().map(|_| new_id()).collect::<Vec<_>>())
    .bind(scheduled.iter().map(|kind| kind.name).collect::<Vec<_>>())
    .bind(scheduled.iter().map(|kind| kind.priority.rank()).collect::<Vec<_>>())
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes the most urgent due job with one of these names: a new one, a postponed one, or one whose worker
/// died. `begun_at` stays that of the first attempt since it last succeeded.
pub(super) async fn take(
    connection: &mut PgConnection,
    lease: Uuid,
    names: &[&str],
    floor: i16,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> sqlx::Result<Option<ClaimedJob>> {
    sqlx::query_as(
        "UPDATE jobs j SET state = 'running', lease = $1, due_at = $5, attempts = attempts + 1,
                begun_at = CASE WHEN attempts = 0 THEN $4 ELSE coalesce(begun_at, $4) END
         WHERE id = (SELECT id FROM jobs
                     WHERE state IN ('queued', 'running') AND due_at <= $4 AND priority >= $3 AND name = ANY($2)
                     ORDER BY priority DESC, due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING id, organisation_id, name, subject, attempts, cancelled_at IS NOT NULL AS cancelled",
    )
    .bind(lease)
    .bind(names)
    .bind(floor)
    .bind(now)
    .bind(until)
    .fetch_optional(connection)
    .await
}

/// Returns when the next job with one of these names is due.
pub(super) async fn next_due(
    connection: &mut PgConnection,
    names: &[&str],
    floor: i16,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar(
        "SELECT min(due_at) FROM jobs WHERE state IN ('queued', 'running') AND priority >= $2 AND name = ANY($1)",
    )
    .bind(names)
    .bind(floor)
    .fetch_one(connection)
    .await
}

/// Renews a lease until then.
pub(super) async fn keep(
    connection: &mut PgConnection,
    job: Uuid,
    lease: Uuid,
    until: DateTime<Utc>,
) -> sqlx::Result<LeaseState> {
    let cancelled = sqlx::query_scalar(
        "UPDATE jobs SET due_at = $3 WHERE id = $1 AND lease = $2 AND state = 'running' RETURNING cancelled_at IS NOT NULL",
    )
    .bind(job)
    .bind(lease)
    .bind(until)
    .fetch_optional(connection)
    .await?;
    Ok(LeaseState::of(cancelled))
}

/// Checks whether the job was cancelled or another worker has it.
pub(super) async fn look(connection: &mut PgConnection, job: Uuid, lease: Uuid) -> sqlx::Result<LeaseState> {
    let cancelled = sqlx::query_scalar(
        "SELECT cancelled_at IS NOT NULL FROM jobs WHERE id = $1 AND lease = $2 AND state = 'running'",
    )
    .bind(job)
    .bind(lease)
    .fetch_optional(connection)
    .await?;
    Ok(LeaseState::of(cancelled))
}

/// Like [`look`], and locks the answer until the transaction ends.
pub(super) async fn fence(connection: &mut PgConnection, job: Uuid, lease: Uuid) -> sqlx::Result<LeaseState> {
    let cancelled = sqlx::query_scalar(
        "SELECT cancelled_at IS NOT NULL FROM jobs WHERE id = $1 AND lease = $2 AND state = 'running' FOR UPDATE",
    )
    .bind(job)
    .bind(lease)
    .fetch_optional(connection)
    .await?;
    Ok(LeaseState::of(cancelled))
}

/// Records a job's progress, and its current step if given.
pub(super) async fn report(
    connection: &mut PgConnection,
    job: Uuid,
    lease: Uuid,
    step: Option<&str>,
    done: u64,
    total: u64,
) -> sqlx::Result<LeaseState> {
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let cancelled = sqlx::query_scalar(
        "UPDATE jobs SET done = $3, total = $4, step = coalesce($5, step) WHERE id = $1 AND lease = $2 AND state = 'running'
         RETURNING cancelled_at IS NOT NULL",
    )
    .bind(job)
    .bind(lease)
    .bind(count(done))
    .bind(count(total))
    .bind(step)
    .fetch_optional(connection)
    .await?;
    Ok(LeaseState::of(cancelled))
}

/// What happens to a job after a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AfterRun {
    /// It has ended: done, failed permanently, or cancelled.
    Over(&'static str),
    /// A scheduled job runs again then.
    Due(DateTime<Utc>),
    /// It failed and is retried then.
    Retry(DateTime<Utc>),
    /// Its worker is stopping: another one takes it over at once, and this run does not count as an attempt.
    GiveBack,
}

/// Records the end of a run. `failure` is a stable word for why the run failed.
pub(super) async fn settle(
    connection: &mut PgConnection,
    job: Uuid,
    lease: Uuid,
    next: AfterRun,
    failure: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (state, due_at, attempts) = match next {
        AfterRun::Over(state) => (state, now, None),
        AfterRun::Due(at) => ("queued", at, Some(0)),
        AfterRun::Retry(at) => ("queued", at, None),
        AfterRun::GiveBack => ("queued", now, Some(-1)),
    };
    sqlx::query(
        "UPDATE jobs SET state = $3, due_at = $4, lease = NULL, failure = $6,
                attempts = CASE $5::integer WHEN 0 THEN 0 WHEN -1 THEN attempts - 1 ELSE attempts END,
                ended_at = CASE WHEN $3 <> 'queued' THEN $7::timestamptz END
         WHERE id = $1 AND lease = $2 AND state = 'running'",
    )
    .bind(job)
    .bind(lease)
    .bind(state)
    .bind(due_at)
    .bind(attempts)
    .bind(failure)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// When a lease that starts now expires.
pub(super) fn until(now: DateTime<Utc>, length: std::time::Duration) -> DateTime<Utc> {
    now + TimeDelta::from_std(length).unwrap_or(TimeDelta::seconds(60))
}
