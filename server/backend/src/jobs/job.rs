//! Declaring a job: its name, priority, retries and work. A feature declares its jobs itself and registers
//! each with one line in [`crate::rooms`].

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::OrganisationId;
use futures_util::future::BoxFuture;
use sqlx::PgConnection;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::lease::{self, LeaseState};
use crate::{Backend, Error, Result};

/// How urgent a job or a message is. Every worker reserves capacity for each priority, so less urgent work
/// never delays it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Nobody waits for it: a clean-up or a bulk of messages.
    Background = 0,
    /// Someone waits for it and can see its progress.
    Normal = 1,
    /// Someone cannot continue without it.
    Urgent = 2,
}

impl Priority {
    /// All priorities, most urgent first.
    pub const ALL: [Self; 3] = [Self::Urgent, Self::Normal, Self::Background];

    /// The number in the database; higher is more urgent.
    pub fn rank(self) -> i16 {
        self as i16
    }
}

/// When to retry a failed job: after `first`, then after three times as long each time, up to `longest`.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// The first wait.
    pub first: TimeDelta,
    /// The longest wait.
    pub longest: TimeDelta,
    /// The total number of attempts; `None` retries until it succeeds.
    pub attempts: Option<u32>,
}

impl RetryPolicy {
    /// Eight attempts within an hour and a half, which outlasts a restart or a short database outage.
    pub const USUAL: Self =
        Self { first: TimeDelta::seconds(5), longest: TimeDelta::minutes(30), attempts: Some(8) };

    /// How long to wait after the `attempts`th failure, varied by up to a fifth by `jitter` so that jobs
    /// which failed together do not retry together. `None`: do not retry.
    pub fn wait(self, attempts: u32, jitter: u8) -> Option<TimeDelta> {
        if self.attempts.is_some_and(|most| attempts >= most) {
            return None;
        }
        let longest = self.longest.num_milliseconds();
        let factor = 3_i64.saturating_pow(attempts.saturating_sub(1));
        let wait = self.first.num_milliseconds().saturating_mul(factor).min(longest);
        Some(TimeDelta::milliseconds(wait - wait / 5 + wait * 2 / 5 * i64::from(jitter) / 255))
    }
}

/// How a job that did not fail ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobEnd {
    /// It is done.
    Done,
    /// It was asked to stop ([`JobRun::is_stopped`]) and did.
    Stopped,
}

/// How soon a job that waits in [`JobRun::stopped`] notices that someone cancelled it.
pub const HEARS: Duration = Duration::from_millis(500);

/// Work that happens after the response.
///
/// A job may run twice: after a crash, or if the database was unavailable when its end should have been
/// recorded. It must be safe to repeat.
pub trait Job: 'static {
    /// Its name in the database; never changed once released.
    const NAME: &'static str;
    /// How urgent it is.
    const PRIORITY: Priority = Priority::Normal;
    /// The interval of a scheduled job, which nobody asks for. It has one row, however many workers there
    /// are.
    const EVERY: Option<TimeDelta> = None;
    /// When it is retried after a failure. A scheduled job is retried until it succeeds.
    const RETRY: RetryPolicy = RetryPolicy::USUAL;

    /// Runs the job. If it returns an error, it is retried later.
    fn run(run: JobRun) -> impl Future<Output = Result<JobEnd>> + Send;
}

/// One run of a job: its input, and the means to report progress and notice a cancellation.
#[derive(Clone)]
pub struct JobRun {
    /// The job's id.
    pub id: Uuid,
    /// The id of what it works on.
    pub subject: Option<Uuid>,
    /// The organisation it belongs to; `None` for work on the whole database.
    pub organisation: Option<OrganisationId>,
    /// The number of this attempt, starting at 1.
    pub attempt: u32,
    /// Everything a use case needs.
    pub backend: Backend,
    pub(super) lease: Uuid,
    pub(super) stop: StopSignal,
}

/// Signals that a run should stop, and why.
#[derive(Clone, Default)]
pub(super) struct StopSignal {
    /// Fires for either reason.
    pub(super) token: CancellationToken,
    /// True if someone cancelled the job; otherwise the worker is stopping, and another one takes the job
    /// over.
    pub(super) cancelled: Arc<AtomicBool>,
}

impl StopSignal {
    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
        self.token.cancel();
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

impl JobRun {
    /// Whether to stop at the next good moment and leave no trace, because the job was cancelled or the
    /// worker is stopping.
    pub fn is_stopped(&self) -> bool {
        self.stop.token.is_cancelled()
    }

    /// Whether someone cancelled it. Otherwise a stop means that the worker is stopping and another one takes
    /// the job over.
    pub fn is_cancelled(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Completes when the run should stop, within [`HEARS`] of a cancellation.
    pub async fn stopped(&self) {
        loop {
            tokio::select! {
                () = self.stop.token.cancelled() => return,
                () = tokio::time::sleep(HEARS) => {}
            }
            // While the database is unavailable, nobody can cancel anything either.
            if let Ok(mut connection) = self.backend.system_connection().await {
                let state = lease::look(&mut connection, self.id, self.lease).await;
                self.heed(state.unwrap_or(LeaseState::Kept));
            }
        }
    }

    /// Reports progress and checks for a cancellation. Uses a separate connection, so that progress is
    /// visible before the job's transaction commits.
    pub async fn report(&self, done: u64, total: u64) -> Result<()> {
        self.report_step(None, done, total).await
    }

    /// Like [`Self::report`], with the current step. Call it for each step or every few thousand rows, never
    /// for each row.
    pub async fn report_step(&self, step: Option<&str>, done: u64, total: u64) -> Result<()> {
        let mut connection = self.backend.system_connection().await?;
        self.heed(lease::report(&mut connection, self.id, self.lease, step, done, total).await?);
        Ok(())
    }

    /// Checks, just before a job's transaction commits, that this worker still has the job. Until the
    /// transaction ends nobody can cancel the job: a cancellation waits, and then finds it done.
    ///
    /// # Errors
    /// A conflict if it was cancelled or another worker has it; nothing may be committed then.
    pub async fn fence(&self, connection: &mut PgConnection) -> Result<()> {
        let state = lease::fence(connection, self.id, self.lease).await?;
        self.heed(state);
        match state {
            LeaseState::Kept => Ok(()),
            LeaseState::Cancelled | LeaseState::Lost => Err(self.no_longer()),
        }
    }

    /// The error that explains why a stopped run does no more.
    pub fn no_longer(&self) -> Error {
        Error::conflict("stopped", "This was stopped before it finished. Nothing was changed.")
    }

    fn heed(&self, state: LeaseState) {
        match state {
            LeaseState::Kept => {}
            LeaseState::Cancelled => self.stop.cancel(),
            LeaseState::Lost => self.stop.token.cancel(),
        }
    }
}

/// A [`Job`] with its type erased, for the worker.
#[derive(Clone, Copy)]
pub struct JobKind {
    pub(super) name: &'static str,
    pub(super) priority: Priority,
    pub(super) every: Option<TimeDelta>,
    pub(super) retry: RetryPolicy,
    pub(super) run: fn(JobRun) -> BoxFuture<'static, Result<JobEnd>>,
}

impl JobKind {
    /// Registers a job.
    pub const fn of<J: Job>() -> Self {
        Self { name: J::NAME, priority: J::PRIORITY, every: J::EVERY, retry: J::RETRY, run: boxed::<J> }
    }

    /// When to retry after the `attempts`th failure; `None` for never.
    pub(super) fn again_at(&self, now: DateTime<Utc>, attempts: u32, jitter: u8) -> Option<DateTime<Utc>> {
        let retry =
            if self.every.is_some() { RetryPolicy { attempts: None, ..self.retry } } else { self.retry };
        retry.wait(attempts, jitter).map(|wait| now + wait)
    }
}

fn boxed<J: Job>(run: JobRun) -> BoxFuture<'static, Result<JobEnd>> {
    Box::pin(J::run(run))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_threefold_to_the_longest_and_end_with_the_last_attempt() {
        let retry =
            RetryPolicy { first: TimeDelta::seconds(10), longest: TimeDelta::minutes(5), attempts: Some(7) };
        let waits: Vec<i64> =
            (1..).map_while(|attempt| retry.wait(attempt, 128)).map(|wait| wait.num_seconds()).collect();
        assert_eq!(waits, [10, 30, 90, 270, 300, 300]);
        let endless = RetryPolicy { attempts: None, ..retry };
        assert_eq!(endless.wait(u32::MAX, 128).map(|wait| wait.num_seconds()), Some(300));
        assert!(retry.wait(1, 0) < retry.wait(1, 255), "those that failed together return apart");
    }
}
