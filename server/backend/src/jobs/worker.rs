//! The worker: sends what is queued, one message after the other, until it is asked to stop. Beside that it lets go of what
//! is past its time.
//!
//! What it promises: every message at least once, and at most one of them twice for each time that a worker or the
//! database dies. It gets there without help: a message belongs to a worker for the length of a lease and then to whoever
//! takes it next.

use std::time::Duration;

use sqlx::postgres::PgListener;
use tokio_util::sync::CancellationToken;

use super::claim::next_due;
use super::lane::Lane;
pub use super::lane::Pass;
use super::retention;
use crate::invitations::queue::CHANNEL;
use crate::recovery::requests::look_up;
use crate::{Backend, Error, Result};

/// How long a worker that hears nothing waits before it looks: it may have missed a call.
const LOOK: Duration = Duration::from_secs(10);
/// The first wait while the mail server or the database is away; doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest wait while the mail server or the database is away.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How often a worker asks whether what is past its time has gone today.
const LOOK_BACK: Duration = Duration::from_hours(1);

/// Works until `stop` completes; then the message in hand is finished and the others are given back.
pub async fn run(backend: Backend, stop: impl Future<Output = ()>) {
    let stopping = CancellationToken::new();
    let stopped = async {
        stop.await;
        stopping.cancel();
    };
    tokio::join!(work(&backend, &stopping), let_go(&backend, &stopping), stopped);
}

/// Looks up what was asked for, sends what is due now, and ends.
pub async fn run_once(backend: &Backend) -> Result<Pass> {
    look_up(backend).await?;
    Lane::new(backend).pass(|| false).await
}

/// What is wrong at the moment: logged when it begins and when it is over, not each time.
#[derive(Default)]
struct Trouble {
    named: Option<&'static str>,
    times: u32,
}

impl Trouble {
    /// Notes that something is wrong; answers with how long to wait.
    fn seen(&mut self, what: &'static str, detail: &dyn std::fmt::Display) -> Duration {
        if self.named != Some(what) {
            tracing::error!(%detail, "{what}; trying again until it is back");
            *self = Self { named: Some(what), times: 0 };
        }
        let pause = FIRST_PAUSE * 2_u32.saturating_pow(self.times.min(16));
        self.times += 1;
        pause.min(LONGEST_PAUSE)
    }

    fn over(&mut self) {
        if let Some(what) = self.named.take() {
            tracing::info!("over: {what}");
        }
        self.times = 0;
    }
}

async fn work(backend: &Backend, stopping: &CancellationToken) {
    let mut lane = Lane::new(backend);
    let mut listener = None;
    let mut trouble = Trouble::default();
    while !stopping.is_cancelled() {
        // Before the look, so that nothing queued after it goes unheard.
        if listener.is_none() {
            listener = listen(backend).await.ok();
        }
        let pause = match round(backend, &mut lane, stopping).await {
            Ok(Round::Idle(pause)) => {
                trouble.over();
                tokio::select! {
                    () = tokio::time::sleep(jittered(backend, pause)) => {}
                    heard = hear(&mut listener) => if !heard { listener = None },
                    () = stopping.cancelled() => {}
                }
                continue;
            }
            Ok(Round::ServerAway(why)) => trouble.seen("the mail server takes no messages", &why),
            Err(error) => trouble.seen("the queue cannot be read", &detail(&error)),
        };
        tokio::select! {
            () = tokio::time::sleep(jittered(backend, pause)) => {}
            () = stopping.cancelled() => {}
        }
    }
}

/// Lets go of what is past its time, once a day.
async fn let_go(backend: &Backend, stopping: &CancellationToken) {
    while !stopping.is_cancelled() {
        if let Err(error) = retention::daily(backend, || stopping.is_cancelled()).await {
            tracing::error!(detail = %detail(&error), "what is past its time could not go; it is tried again later");
        }
        tokio::select! {
            () = tokio::time::sleep(jittered(backend, LOOK_BACK)) => {}
            () = stopping.cancelled() => {}
        }
    }
}

/// How a look at the queue ended.
enum Round {
    /// All is sent; the next message is due after this.
    Idle(Duration),
    /// The mail server takes nothing, for this reason.
    ServerAway(&'static str),
}

async fn round(backend: &Backend, lane: &mut Lane<'_>, stopping: &CancellationToken) -> Result<Round> {
    look_up(backend).await?;
    match lane.pass(|| stopping.is_cancelled()).await? {
        Pass::ServerAway(failure) => Ok(Round::ServerAway(failure.slug())),
        Pass::Done | Pass::Stopped => {
            let due = next_due(&mut *backend.system_connection().await?).await?;
            let wait = due.map_or(LOOK, |due| (due - backend.now()).to_std().unwrap_or_default());
            Ok(Round::Idle(wait.clamp(Duration::from_millis(20), LOOK)))
        }
    }
}

async fn listen(backend: &Backend) -> sqlx::Result<PgListener> {
    let mut listener = PgListener::connect_with(backend.database.pool()).await?;
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

/// Waits for a call. `false`: the connection is lost and has to be made anew.
async fn hear(listener: &mut Option<PgListener>) -> bool {
    match listener {
        Some(listener) => matches!(listener.try_recv().await, Ok(Some(_))),
        None => std::future::pending().await,
    }
}

/// Up to a quarter longer, so that several workers do not all look at once.
fn jittered(backend: &Backend, wait: Duration) -> Duration {
    let mut byte = [0];
    backend.random.fill(&mut byte);
    wait + wait * u32::from(byte[0]) / 1024
}

/// The whole chain of an error, for the log: what lies behind names no person.
fn detail(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}
