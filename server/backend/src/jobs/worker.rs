//! The worker: runs the jobs that are registered in [`crate::rooms`] until it is asked to stop.
//!
//! It recovers without help: a worker holds a job for the length of a lease, after which any other can take
//! it. Each priority has reserved capacity that runs nothing less urgent, so a long job delays nobody.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use sqlx::postgres::PgListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::job::Priority;
use super::lease;
use super::queue::CHANNEL;
use super::runner::run_due;
use super::standing::{Pass, rest};
use super::trouble::{RepeatedFailure, detail, jittered};
use crate::{Backend, Result};

/// How long a worker waits for a notification before it checks anyway, in case it missed one.
const LOOK: Duration = Duration::from_secs(10);

/// How long to wait before the next check if work is due at this time.
pub(super) fn pause_until(backend: &Backend, due: Option<DateTime<Utc>>) -> Duration {
    let wait = due.map_or(LOOK, |due| (due - backend.now()).to_std().unwrap_or_default());
    wait.clamp(Duration::from_millis(20), LOOK)
}

/// Works until `stop` completes, then finishes or gives back its current jobs.
pub async fn run(backend: Backend, stop: impl Future<Output = ()>) {
    let stopping = CancellationToken::new();
    let stopped = async {
        stop.await;
        stopping.cancel();
    };
    let standing = backend.rooms.standing;
    let calls: BTreeMap<&'static str, watch::Sender<u64>> = standing
        .iter()
        .map(|kind| kind.channel)
        .chain([CHANNEL])
        .map(|channel| (channel, watch::Sender::new(0)))
        .collect();
    let hear = |channel: &str| calls[channel].subscribe();
    let runners = Priority::ALL.map(|floor| work(&backend, floor, hear(CHANNEL), &stopping));
    let standing =
        standing.iter().map(|kind| (kind.work)(backend.clone(), hear(kind.channel), stopping.clone()));
    tokio::join!(join_all(runners), join_all(standing), listen(&backend, &calls, &stopping), stopped);
}

/// Runs every job that is due now, including those they queue, and returns.
///
/// # Errors
/// That of a job that failed; the job is retried later.
pub async fn run_once(backend: &Backend) -> Result<Pass> {
    let failed = run_due(backend, Priority::Background, &CancellationToken::new()).await?;
    let mut ended = Pass::Done;
    for kind in backend.rooms.standing {
        let pass = (kind.once)(backend.clone()).await?;
        if pass != Pass::Done {
            ended = pass;
        }
    }
    failed.map_or(Ok(ended), Err)
}

/// Runs jobs of at least this priority.
async fn work(
    backend: &Backend,
    floor: Priority,
    mut calls: watch::Receiver<u64>,
    stopping: &CancellationToken,
) {
    let mut trouble = RepeatedFailure::default();
    while !stopping.is_cancelled() {
        // Before the query, so that nothing queued after it is missed.
        calls.mark_unchanged();
        match look(backend, floor, stopping).await {
            Ok(due) => {
                trouble.over();
                tokio::select! {
                    () = tokio::time::sleep(jittered(backend, pause_until(backend, due))) => {}
                    _ = calls.changed() => {}
                    () = stopping.cancelled() => {}
                }
            }
            Err(error) => {
                let pause = trouble.seen("the jobs cannot be read", &detail(&error));
                rest(backend, pause, stopping).await;
            }
        }
    }
}

async fn look(
    backend: &Backend,
    floor: Priority,
    stopping: &CancellationToken,
) -> Result<Option<DateTime<Utc>>> {
    // A job that failed was logged, and is due again later.
    run_due(backend, floor, stopping).await?;
    let names: Vec<&str> = backend.rooms.jobs.iter().map(|kind| kind.name).collect();
    Ok(lease::next_due(&mut *backend.system_connection().await?, &names, floor.rank()).await?)
}

/// Passes notifications on to everyone who waits for them, over one shared connection.
async fn listen(
    backend: &Backend,
    calls: &BTreeMap<&'static str, watch::Sender<u64>>,
    stopping: &CancellationToken,
) {
    while !stopping.is_cancelled() {
        tokio::select! {
            _ = hear(backend, calls) => rest(backend, Duration::from_millis(500), stopping).await,
            () = stopping.cancelled() => {}
        }
    }
}

/// Ends when the connection is lost.
async fn hear(backend: &Backend, calls: &BTreeMap<&'static str, watch::Sender<u64>>) -> sqlx::Result<()> {
    let call = |calls: &watch::Sender<u64>| calls.send_modify(|number| *number += 1);
    let mut listener = PgListener::connect_with(backend.database.pool()).await?;
    listener.listen_all(calls.keys().copied()).await?;
    // Earlier notifications are lost, so everyone checks.
    calls.values().for_each(call);
    while let Some(heard) = listener.try_recv().await? {
        if let Some(waiting) = calls.get(heard.channel()) {
            call(waiting);
        }
    }
    Ok(())
}
