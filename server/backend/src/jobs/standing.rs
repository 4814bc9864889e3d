//! Standing jobs: work with its own queue, such as sending messages, that every worker does for as long as it
//! runs.

use std::future::Future;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::trouble::{RepeatedFailure, detail, jittered};
use super::worker::pause_until;
use crate::{Backend, Result};

/// How a pass over a queue ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// Nothing is due any more.
    Done,
    /// Something it needs is unavailable; the sentence tells the server's operator what. Everything waits.
    Away(&'static str),
    /// It was asked to stop.
    Stopped,
}

/// Work with its own queue and leases.
pub trait StandingJob: Send + Sized + 'static {
    /// Its name in the log.
    const NAME: &'static str;
    /// The channel that notifies it of new work.
    const CHANNEL: &'static str;

    /// Creates one for a worker.
    fn new(backend: &Backend) -> Self;

    /// Does everything that is due.
    ///
    /// # Errors
    /// The database's; it is called again when the database is back.
    fn pass(&mut self, stopping: &CancellationToken) -> impl Future<Output = Result<Pass>> + Send;

    /// When something is due next.
    fn next_due(&mut self) -> impl Future<Output = Result<Option<DateTime<Utc>>>> + Send;
}

/// A [`StandingJob`] with its type erased, for the worker.
#[derive(Clone, Copy)]
pub struct StandingKind {
    pub(super) channel: &'static str,
    pub(super) once: fn(Backend) -> BoxFuture<'static, Result<Pass>>,
    pub(super) work: fn(Backend, watch::Receiver<u64>, CancellationToken) -> BoxFuture<'static, ()>,
}

impl StandingKind {
    /// Registers a standing job.
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
    let mut trouble = RepeatedFailure::default();
    while !stopping.is_cancelled() {
        // Before the query, so that nothing queued after it is missed.
        calls.mark_unchanged();
        match look(&mut job, stopping).await {
            Ok(AfterPass::Idle(due)) => {
                trouble.over();
                tokio::select! {
                    () = tokio::time::sleep(jittered(backend, pause_until(backend, due))) => {}
                    _ = calls.changed() => {}
                    () = stopping.cancelled() => {}
                }
            }
            Ok(AfterPass::Away(why)) => rest(backend, trouble.seen(S::NAME, &why), stopping).await,
            Err(error) => {
                let pause = trouble.seen("the queue cannot be read", &detail(&error));
                rest(backend, pause, stopping).await;
            }
        }
    }
}

enum AfterPass {
    Idle(Option<DateTime<Utc>>),
    Away(&'static str),
}

async fn look<S: StandingJob>(job: &mut S, stopping: &CancellationToken) -> Result<AfterPass> {
    match job.pass(stopping).await? {
        Pass::Away(why) => Ok(AfterPass::Away(why)),
        Pass::Done | Pass::Stopped => Ok(AfterPass::Idle(job.next_due().await?)),
    }
}

pub(super) async fn rest(backend: &Backend, pause: std::time::Duration, stopping: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(jittered(backend, pause)) => {}
        () = stopping.cancelled() => {}
    }
}
