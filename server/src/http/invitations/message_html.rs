//! `GET /mailbox/{message}/html`: the HTML part of a message, for the frame of its page.

use app::error::AppError;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{Html, IntoResponse, Response};
use backend::Backend;
use domain::ids::MessageId;

use crate::http::session::Session;

/// Mail is styled inline and runs nothing; only our own page may frame it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";

/// The message, locked in.
pub(super) async fn message_html(
    State(backend): State<Backend>,
    Session(signed_in): Session,
    Path(message): Path<MessageId>,
) -> Response {
    match backend::mailbox::open(&backend, &signed_in.actor, message).await {
        Ok(message) => ([(CONTENT_SECURITY_POLICY, POLICY)], Html(message.html)).into_response(),
        Err(error) => {
            let error = AppError::from(error);
            (error.kind.status(), error.message).into_response()
        }
    }
}
