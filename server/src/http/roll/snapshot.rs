//! `GET /roll/{school}/snapshot`: the whole roll of a school, as the browser's lists hold it.

use app::error::AppError;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use backend::Backend;
use domain::ids::SchoolId;

use crate::http::session::Session;

/// The text that `RollSnapshot::from_text` reads; 304 while nothing in it changed.
pub(super) async fn snapshot(
    State(backend): State<Backend>,
    Session(signed_in): Session,
    Path(school): Path<SchoolId>,
    headers: HeaderMap,
) -> Response {
    match backend::roll::snapshot::snapshot(&backend, &signed_in.actor, school).await {
        Ok(roll) => {
            let tag = format!("\"{}\"", roll.version);
            // The browser may keep it for itself, but asks before each use: it is about persons.
            let kept = [(CACHE_CONTROL, "private, no-cache".to_owned()), (ETAG, tag.clone())];
            if headers.get(IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == tag.as_bytes()) {
                return (StatusCode::NOT_MODIFIED, kept).into_response();
            }
            (kept, [(CONTENT_TYPE, "text/plain; charset=utf-8")], roll.snapshot.to_text()).into_response()
        }
        Err(error) => {
            let error = AppError::from(error);
            (error.kind.status(), error.message).into_response()
        }
    }
}
