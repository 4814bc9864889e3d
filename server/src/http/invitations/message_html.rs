//! `GET /mailbox/{message}/html`: the HTML part of a message, for the frame in its page.

use app::error::AppError;
use axum::extract::State;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{Html, IntoResponse, Response};
use backend::Backend;
use domain::ids::MessageId;

use crate::http::extract::Path;
use crate::http::session::Session;

/// Emails are styled inline and run no scripts; only our own page may frame them.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";

/// Returns the message, sandboxed.
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
