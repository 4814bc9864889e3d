//! What is kept for how long: once a day everything that is expired is deleted, in every organisation. Nothing waits
//! for this: whether a link, a code or a session still holds is judged by the clock when it is used.
//!
//! Each feature declares the rules of its tables, and the tables of which nothing is deleted; a test finds the table that
//! was forgotten. `docs/SECURITY.md` says the same in words.

use chrono::TimeDelta;

use super::job::{Ended, Job, Priority, Retry, Run};
use crate::Result;

/// For what is of no use to anyone once it has ended.
pub(crate) const AT_ONCE: TimeDelta = TimeDelta::zero();

/// For what someone may still ask about: why a link did not work, whether a message went out.
pub(crate) const ASKED_ABOUT: TimeDelta = TimeDelta::days(30);

/// How many rows are deleted in one statement: nobody waits long for a lock.
pub(crate) const BATCH: i64 = 5000;

/// How long a feature keeps what is in its tables.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// What is deleted, and when. In this order: what hangs on something goes before it.
    pub rules: &'static [Rule],
    /// Tables of which nothing is deleted by time.
    pub stays: &'static [Stays],
}

/// What is deleted, and when.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The table.
    pub table: &'static str,
    /// How long it is kept from the moment that the statement asks about.
    pub after: TimeDelta,
    /// `$1` is the moment before which it ended, `$2` how many rows go at a time. Rows that someone holds are left for
    /// the next day.
    pub statement: &'static str,
}

/// A table of which nothing is deleted by time.
#[derive(Debug, Clone, Copy)]
pub struct Stays {
    /// The table.
    pub table: &'static str,
    /// Why: what it is for, or with what its rows go.
    pub why: &'static str,
}

/// Deletes the rows of a table of which a condition holds.
macro_rules! forget {
    ($table:literal, $after:expr, $past:literal) => {
        $crate::jobs::retention::Rule {
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
pub struct Clean;

impl Job for Clean {
    const NAME: &'static str = "retention";
    const PRIORITY: Priority = Priority::Background;
    const EVERY: Option<TimeDelta> = Some(TimeDelta::days(1));
    const RETRY: Retry = Retry { first: TimeDelta::minutes(1), longest: TimeDelta::hours(1), attempts: None };

    /// Follows every rule. One that fails keeps none of the others from being followed, and has all of them tried again.
    async fn run(run: Run) -> Result<Ended> {
        let mut failed = None;
        for rule in run.backend.rooms.retention.iter().flat_map(|retention| retention.rules) {
            match follow(&run, rule).await {
                Ok(Ended::Done) => {}
                Ok(Ended::Stopped) => return Ok(Ended::Stopped),
                Err(error) => {
                    tracing::error!(table = rule.table, %error, "expired data could not be deleted");
                    failed = Some(error);
                }
            }
        }
        failed.map_or(Ok(Ended::Done), Err)
    }
}

async fn follow(run: &Run, rule: &Rule) -> Result<Ended> {
    let before = run.backend.now() - rule.after;
    let mut connection = run.backend.system_connection().await?;
    let mut deleted = 0;
    loop {
        if run.is_stopped() {
            return Ok(Ended::Stopped);
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
    Ok(Ended::Done)
}
