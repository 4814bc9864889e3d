//! `GET /session/ended`: tells an open family page, which sends its stamp, at once that its session has ended, as a
//! server-sent event (HTML Living Standard, section 9.2). Waiting does not prolong the session.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use backend::Backend;
use backend::sessions::page_stamp::PageStamp;
use backend::sessions::session::SignedIn;
use backend::sessions::watch::ended as has_ended;
use futures_util::stream;

use super::standing::StandingQuery;
use crate::http::ShutdownSignal;
use crate::http::extract::Query;

/// The route.
pub(in crate::http) const ENDED: &str = "/session/ended";

/// How long one response lasts. The browser asks again by itself.
const LASTS: Duration = Duration::from_secs(55);

/// How long the browser waits before it does.
const AGAIN: Duration = Duration::from_millis(200);

pub(super) async fn ended(
    State(backend): State<Backend>,
    who: Option<Extension<Arc<SignedIn>>>,
    stopping: Option<Extension<ShutdownSignal>>,
    Query(query): Query<StandingQuery>,
) -> Response {
    let stamp = PageStamp::from_text(&backend.keys, &query.stamp);
    let theirs = who.filter(|who| stamp.is_some_and(|stamp| stamp.account == who.account));
    // An empty answer makes the browser stop asking; its page then asks who is signed in.
    let Some(Extension(who)) = theirs else { return StatusCode::NO_CONTENT.into_response() };
    let stopping = stopping.map(|Extension(ShutdownSignal(stopping))| stopping).unwrap_or_default();
    let wait = async move {
        tokio::select! {
            () = has_ended(&backend, who.session) => Event::default().event("ended").data("now"),
            () = tokio::time::sleep(LASTS) => Event::default().comment("again").retry(AGAIN),
            () = stopping.cancelled() => Event::default().comment("again").retry(AGAIN),
        }
    };
    let events = stream::once(async move { Ok::<_, Infallible>(wait.await) });
    Sse::new(events).keep_alive(KeepAlive::default()).into_response()
}
