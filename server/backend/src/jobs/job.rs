//! What a job is: a name, how urgent it is, how often it is tried, and what it does. It is declared in the feature that
//! it belongs to and registered in one line in [`crate::rooms`].

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

/// How urgent a job or a message is. What is less urgent never makes it wait: every worker has hands for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Nobody waits for it: a clean-up, a bulk of messages.
    Background = 0,
    /// Someone waits for it, and sees how far it has come.
    Normal = 1,
    /// Someone cannot go on without it.
    Urgent = 2,
}

impl Priority {
    /// From the most urgent on.
    pub const ALL: [Self; 3] = [Self::Urgent, Self::Normal, Self::Background];

    /// The number in the database: a greater one is more urgent.
    pub fn rank(self) -> i16 {
        self as i16
    }
}

/// When a job that failed is tried again: after `first`, then three times as long each time, up to `longest`.
#[derive(Debug, Clone, Copy)]
pub struct Retry {
    /// The first wait.
    pub first: TimeDelta,
    /// The longest wait.
    pub longest: TimeDelta,
    /// How often it is tried in all; `None`: until it succeeds.
    pub attempts: Option<u32>,
}

impl Retry {
    /// Eight attempts within an hour and a half: outlasts a restart, and a database that is away for a while.
    pub const USUAL: Self =
        Self { first: TimeDelta::seconds(5), longest: TimeDelta::minutes(30), attempts: Some(8) };

    /// How long to wait after the `attempts`th failure, give or take a fifth by `jitter`, so that jobs which failed
    /// together do not return together. `None`: enough.
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
pub enum Ended {
    /// It is done.
    Done,
    /// It was asked to stop ([`Run::is_stopped`]) and did.
    Stopped,
}

/// How long after someone cancelled a job it hears of it, if it waits for that.
pub const HEARS: Duration = Duration::from_millis(500);

/// A kind of work that happens after the answer.
///
/// It may run twice: after a crash, and where the database was away when its end should have been recorded. Doing it
/// twice must be harmless.
pub trait Job: 'static {
    /// Its name in the database; never changed once released.
    const NAME: &'static str;
    /// How urgent it is.
    const PRIORITY: Priority = Priority::Normal;
    /// For work that nobody asks for: how often it is done. One row stands for it, however many workers there are.
    const EVERY: Option<TimeDelta> = None;
    /// When it is tried again after a failure. Work that is done every so often is tried until it succeeds.
    const RETRY: Retry = Retry::USUAL;

    /// Does it. An error has it tried again later.
    fn run(run: Run) -> impl Future<Output = Result<Ended>> + Send;
}

/// One run of a job: what it is given, and its word with the person who waits for it.
#[derive(Clone)]
pub struct Run {
    /// The job's identifier.
    pub id: Uuid,
    /// What it works on, by id.
    pub subject: Option<Uuid>,
    /// Whose it is; `None` for work on the whole database.
    pub organisation: Option<OrganisationId>,
    /// How often it has been begun, this time included.
    pub attempt: u32,
    /// Everything that a use case needs.
    pub backend: Backend,
    pub(super) lease: Uuid,
    pub(super) stop: Stop,
}

/// Why a run should stop.
#[derive(Clone, Default)]
pub(super) struct Stop {
    /// Fires for either reason.
    pub(super) token: CancellationToken,
    /// Someone cancelled the job; otherwise the worker ends, and another takes the job up.
    pub(super) cancelled: Arc<AtomicBool>,
}

impl Stop {
    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
        self.token.cancel();
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

impl Run {
    /// Whether it should stop at the next good moment, leaving no trace: it was cancelled, or the worker ends.
    pub fn is_stopped(&self) -> bool {
        self.stop.token.is_cancelled()
    }

    /// Whether someone cancelled it; otherwise what stops it is that the worker ends, and another takes it up.
    pub fn is_cancelled(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Completes when it should stop, within [`HEARS`] of when someone cancelled it.
    pub async fn stopped(&self) {
        loop {
            tokio::select! {
                () = self.stop.token.cancelled() => return,
                () = tokio::time::sleep(HEARS) => {}
            }
            // While the database is away, nobody can cancel anything either.
            if let Ok(mut connection) = self.backend.system_connection().await {
                let state = lease::look(&mut connection, self.id, self.lease).await;
                self.heed(state.unwrap_or(LeaseState::Kept));
            }
        }
    }

    /// Says how far it has come, for people who wait, and hears whether it was cancelled. On a connection of its own, so
    /// that it shows before the job's transaction commits.
    pub async fn report(&self, done: u64, total: u64) -> Result<()> {
        self.report_step(None, done, total).await
    }

    /// The same, with what it is doing now. Once for each step or for thousands of rows, never for each row.
    pub async fn report_step(&self, step: Option<&str>, done: u64, total: u64) -> Result<()> {
        let mut connection = self.backend.system_connection().await?;
        self.heed(lease::report(&mut connection, self.id, self.lease, step, done, total).await?);
        Ok(())
    }

    /// The last question before a job's transaction commits: whether the job is still this worker's to do. Until the
    /// transaction ends nobody cancels it any more: they wait, and then find it done.
    ///
    /// # Errors
    /// A conflict if it was cancelled or another worker has it; then nothing may be committed.
    pub async fn fence(&self, connection: &mut PgConnection) -> Result<()> {
        let state = lease::fence(connection, self.id, self.lease).await?;
        self.heed(state);
        match state {
            LeaseState::Kept => Ok(()),
            LeaseState::Cancelled | LeaseState::Lost => Err(self.no_longer()),
        }
    }

    /// Why nothing more is done once it should stop.
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

/// A job as the worker knows it: [`Job`] without its type.
#[derive(Clone, Copy)]
pub struct JobKind {
    pub(super) name: &'static str,
    pub(super) priority: Priority,
    pub(super) every: Option<TimeDelta>,
    pub(super) retry: Retry,
    pub(super) run: fn(Run) -> BoxFuture<'static, Result<Ended>>,
}

impl JobKind {
    /// The line that registers a job.
    pub const fn of<J: Job>() -> Self {
        Self { name: J::NAME, priority: J::PRIORITY, every: J::EVERY, retry: J::RETRY, run: boxed::<J> }
    }

    /// When it is next tried after its `attempts`th failure.
    pub(super) fn again_at(&self, now: DateTime<Utc>, attempts: u32, jitter: u8) -> Option<DateTime<Utc>> {
        let retry = if self.every.is_some() { Retry { attempts: None, ..self.retry } } else { self.retry };
        retry.wait(attempts, jitter).map(|wait| now + wait)
    }
}

fn boxed<J: Job>(run: Run) -> BoxFuture<'static, Result<Ended>> {
    Box::pin(J::run(run))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_threefold_to_the_longest_and_end_with_the_last_attempt() {
        let retry =
            Retry { first: TimeDelta::seconds(10), longest: TimeDelta::minutes(5), attempts: Some(7) };
        let waits: Vec<i64> =
            (1..).map_while(|attempt| retry.wait(attempt, 128)).map(|wait| wait.num_seconds()).collect();
        assert_eq!(waits, [10, 30, 90, 270, 300, 300]);
        let endless = Retry { attempts: None, ..retry };
        assert_eq!(endless.wait(u32::MAX, 128).map(|wait| wait.num_seconds()), Some(300));
        assert!(retry.wait(1, 0) < retry.wait(1, 255), "those that failed together return apart");
    }
}
