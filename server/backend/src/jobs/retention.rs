//! How long data is kept: once a day, everything that has expired is deleted in every organisation. Nothing
//! depends on this being on time: whether a link, a code or a session is valid is checked against the clock
//! when it is used.
//!
//! Each feature declares the rules for its tables, and the tables from which nothing is deleted; a test finds
//! any table that was forgotten. `docs/SECURITY.md` describes the same periods.

use chrono::TimeDelta;

use super::job::{Job, JobEnd, JobRun, Priority, RetryPolicy};
use crate::Result;

/// For data that is of no use once it has ended.
pub(crate) const AT_ONCE: TimeDelta = TimeDelta::zero();

/// For data someone may still ask about: why a link did not work, or whether a message was sent.
pub(crate) const ASKED_ABOUT: TimeDelta = TimeDelta::days(30);

/// The number of rows deleted per statement, so that nobody waits long for a lock.
pub(crate) const BATCH: i64 = 5000;

/// How long a feature keeps the data in its tables.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// The rules, in order: dependent rows are deleted before the rows they depend on.
    pub rules: &'static [RetentionRule],
    /// Tables from which nothing is deleted by age.
    pub stays: &'static [KeptTable],
}

/// A rule for deleting expired rows.
#[derive(Debug, Clone, Copy)]
pub struct RetentionRule {
    /// The table.
    pub table: &'static str,
    /// How long rows are kept, counted from the time that the statement compares.
    pub after: TimeDelta,
    /// The statement. `$1` is the cut-off time and `$2` the most rows to delete. Locked rows are skipped
    /// until the next day.
    pub statement: &'static str,
}

/// A table from which nothing is deleted by age.
#[derive(Debug, Clone, Copy)]
pub struct KeptTable {
    /// The table.
    pub table: &'static str,
    /// The reason: what the table is for, or what its rows are deleted with.
    pub why: &'static str,
}

/// Deletes the rows of a table that match a condition.
macro_rules! forget {
    ($table:literal, $after:expr, $past:literal) => {
        $crate::jobs::retention::RetentionRule {
            table: $table,
            after: $after,
            statement: concat!(
                "DELETE FROM ",
                $table,
                " WHERE ctid = ANY(ARRAY(
                     SELECT ctid FROM ",
                $table,
                " WHERE ",
                $past,
                " LIMIT $2 FOR UPDATE SKIP LOCKED))"
            ),
        }
    };
}
pub(crate) use forget;

/// The daily clean-up.
pub struct DailyCleanUp;

impl Job for DailyCleanUp {
    const NAME: &'static str = "retention";
    const PRIORITY: Priority = Priority::Background;
    const EVERY: Option<TimeDelta> = Some(TimeDelta::days(1));
    const RETRY: RetryPolicy =
        RetryPolicy { first: TimeDelta::minutes(1), longest: TimeDelta::hours(1), attempts: None };

    /// Applies every rule. If one fails, the others are still applied and all are retried later.
    async fn run(run: JobRun) -> Result<JobEnd> {
        let mut failed = None;
        for rule in run.backend.rooms.retention.iter().flat_map(|retention| retention.rules) {
            match follow(&run, rule).await {
                Ok(JobEnd::Done) => {}
                Ok(JobEnd::Stopped) => return Ok(JobEnd::Stopped),
                Err(error) => {
                    tracing::error!(table = rule.table, %error, "expired data could not be deleted");
                    failed = Some(error);
                }
            }
        }
        failed.map_or(Ok(JobEnd::Done), Err)
    }
}

async fn follow(run: &JobRun, rule: &RetentionRule) -> Result<JobEnd> {
    let before = run.backend.now() - rule.after;
    let mut connection = run.backend.system_connection().await?;
    let mut deleted = 0;
    loop {
        if run.is_stopped() {
            return Ok(JobEnd::Stopped);
        }
        let batch = sqlx::query(rule.statement)
            .bind(before)
            .bind(BATCH)
            .execute(&mut *connection)
            .await?
            .rows_affected();
        deleted += batch;
        if batch < BATCH.unsigned_abs() {
            break;
        }
    }
    if deleted > 0 {
        tracing::info!(table = rule.table, rows = deleted, "deleted expired data");
    }
    Ok(JobEnd::Done)
}
