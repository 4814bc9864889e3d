//! The progress of a long operation, as server-sent events (HTML Living Standard, section 9.2).

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use backend::Backend;
use backend::operations::progress::progress;
use domain::authorization::actor::Actor;
use domain::ids::OperationId;
use domain::operations::progress::OperationProgress;
use futures_util::stream::{self, StreamExt as _};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::http::extract::Path;
use crate::http::problem::PageError;
use crate::http::session::Session;

/// How often the database is queried.
const EVERY: Duration = Duration::from_millis(500);

/// How long one response lasts. The browser reconnects by itself, and its session is checked again.
const LASTS: Duration = Duration::from_secs(55);

/// How long the browser waits before it reconnects.
const AGAIN: Duration = Duration::from_secs(1);

/// Fires when the server stops, so that these responses do not delay it.
#[derive(Clone, Default)]
pub struct ShutdownSignal(pub CancellationToken);

struct FollowedOperation {
    backend: Backend,
    actor: Actor,
    last: OperationProgress,
    until: Instant,
    stopping: CancellationToken,
}

/// Sends the current progress, and then every change, until the operation ends.
pub(in crate::http) async fn events(
    State(backend): State<Backend>,
    Session(who): Session,
    Path(operation): Path<OperationId>,
    stopping: Option<Extension<ShutdownSignal>>,
) -> Result<Response, PageError> {
    let first = progress(&backend, &who.actor, operation).await?;
    let told = event(&first).retry(AGAIN);
    let followed = FollowedOperation {
        backend,
        actor: who.actor.clone(),
        last: first,
        until: Instant::now() + LASTS,
        stopping: stopping.map(|Extension(ShutdownSignal(stopping))| stopping).unwrap_or_default(),
    };
    let changes = stream::unfold(followed, async |mut followed| {
        let change = followed.change().await?;
        Some((event(&change), followed))
    });
    let events = stream::once(async { told }).chain(changes).map(Ok::<_, Infallible>);
    Ok(Sse::new(events.fuse()).keep_alive(KeepAlive::default()).into_response())
}

impl FollowedOperation {
    /// The next change; `None` if it has ended, if this response has lasted long enough, or if an error
    /// occurs.
    async fn change(&mut self) -> Option<OperationProgress> {
        while !self.last.stage.is_over() && Instant::now() < self.until {
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = self.stopping.cancelled() => return None,
            }
            let now = progress(&self.backend, &self.actor, self.last.id).await.ok()?;
            if now != self.last {
                self.last = now.clone();
                return Some(now);
            }
        }
        None
    }
}

/// All of it as JSON, so that missing an event loses nothing.
fn event(progress: &OperationProgress) -> Event {
    Event::default().json_data(progress).unwrap_or_default()
}
