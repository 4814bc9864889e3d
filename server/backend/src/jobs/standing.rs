//! Standing jobs: work with a queue of its own, such as sending messages, of which every worker does some for as long as
//! it runs.

use std::future::Future;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::trouble::{Trouble, detail, jittered};
use super::worker::pause_until;
use crate::{Backend, Result};

/// How a pass over a queue ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// Nothing is due any more.
    Done,
    /// What it needs is away, as this sentence says to the person who runs Greencap. Everything waits.
    Away(&'static str),
    /// Asked to stop.
    Stopped,
}

/// Work with a queue and leases of its own.
pub trait StandingJob: Send + Sized + 'static {
    /// Its name in the log.
    const NAME: &'static str;
    /// The channel on which it hears that there is something to do.
    const CHANNEL: &'static str;

    /// One for a worker.
    fn new(backend: &Backend) -> Self;

    /// Does all that is due. An error is the database's: it is called again when that is back.
    fn pass(&mut self, stopping: &CancellationToken) -> impl Future<Output = Result<Pass>> + Send;

    /// When something is due next.
    fn next_due(&mut self) -> impl Future<Output = Result<Option<DateTime<Utc>>>> + Send;
}

/// A standing job as the worker knows it: [`StandingJob`] without its type.
#[derive(Clone, Copy)]
pub struct StandingKind {
    pub(super) channel: &'static str,
    pub(super) once: fn(Backend) -> BoxFuture<'static, Result<Pass>>,
    pub(super) work: fn(Backend, watch::Receiver<u64>, CancellationToken) -> BoxFuture<'static, ()>,
}

impl StandingKind {
    /// The line that registers a standing job.
    pub const fn of<S: StandingJob>() -> Self {
        Self {
            channel: S::CHANNEL,
            once: |backend| Box::pin(async move { S::new(&backend).pass(&CancellationToken::new()).await }),
            work: |backend, calls, stopping| {
                Box::pin(async move { work::<S>(&backend, calls, &stopping).await })
            },
        }
    }
}

async fn work<S: StandingJob>(
    backend: &Backend,
    mut calls: watch::Receiver<u64>,
    stopping: &CancellationToken,
) {
    let mut job = S::new(backend);
    let mut trouble = Trouble::default();
    while !stopping.is_cancelled() {
        // Before the look, so that nothing queued after it goes unheard.
        calls.mark_unchanged();
        match look(&mut job, stopping).await {
            Ok(Look::Idle(due)) => {
                trouble.over();
                tokio::select! {
                    () = tokio::time::sleep(jittered(backend, pause_until(backend, due))) => {}
                    _ = calls.changed() => {}
                    () = stopping.cancelled() => {}
                }
            }
            Ok(Look::Away(why)) => rest(backend, trouble.seen(S::NAME, &why), stopping).await,
            Err(error) => {
                let pause = trouble.seen("the queue cannot be read", &detail(&error));
                rest(backend, pause, stopping).await;
            }
        }
    }
}

enum Look {
    Idle(Option<DateTime<Utc>>),
    Away(&'static str),
}

async fn look<S: StandingJob>(job: &mut S, stopping: &CancellationToken) -> Result<Look> {
    match job.pass(stopping).await? {
        Pass::Away(why) => Ok(Look::Away(why)),
        Pass::Done | Pass::Stopped => Ok(Look::Idle(job.next_due().await?)),
    }
}

pub(super) async fn rest(backend: &Backend, pause: std::time::Duration, stopping: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(jittered(backend, pause)) => {}
        () = stopping.cancelled() => {}
    }
}
