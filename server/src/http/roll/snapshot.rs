//! `GET /roll/{school}/snapshot`: the whole roll of a school, for the browser's lists.

use app::error::AppError;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use backend::Backend;
use backend::roll::cache::CachedRoll;
use backend::roll::snapshot::{SnapshotForReader, snapshot as roll};
use domain::ids::SchoolId;
use serde::Deserialize;

use crate::http::extract::{Path, Query};
use crate::http::session::{Session, to_sign_in};

/// The part of the roll, as [`domain::roll::filter::RollPart`]; empty for all of it.
#[derive(Deserialize)]
pub(super) struct SnapshotQuery {
    #[serde(default)]
    of: String,
}

/// Returns the text that `RollSnapshot::from_text` reads; 304 while nothing in it changed.
pub(super) async fn snapshot(
    State(backend): State<Backend>,
    Session(signed_in): Session,
    Path(school): Path<SchoolId>,
    Query(SnapshotQuery { of }): Query<SnapshotQuery>,
    parts: Parts,
) -> Response {
    let seen =
        parts.headers.get(IF_NONE_MATCH).and_then(|tag| tag.to_str().ok()).map(|tag| tag.trim_matches('"'));
    // Only the browser may cache it, and must revalidate it before each use, because it contains personal data. A
    // part of the roll that was made for one reader is not stored at all: the next person at this desk may have
    // another one, or none.
    let kept = |roll: &CachedRoll| {
        let how = if roll.personal { "no-store" } else { "private, no-cache" };
        [(CACHE_CONTROL, how.to_owned()), (ETAG, format!("\"{}\"", roll.version))]
    };
    match roll(&backend, &signed_in.actor, signed_in.session, school, (seen, &of)).await {
        Ok(SnapshotForReader::Seen(roll)) => (StatusCode::NOT_MODIFIED, kept(&roll)).into_response(),
        Ok(SnapshotForReader::Whole(roll)) => {
            let text = [(CONTENT_TYPE, "text/plain; charset=utf-8")];
            (kept(&roll), text, roll.snapshot.to_text()).into_response()
        }
        Ok(SnapshotForReader::SessionEnded) => to_sign_in(&parts),
        Err(error) => {
            let error = AppError::from(error);
            (error.kind.status(), error.message).into_response()
        }
    }
}
