//! `GET /mailbox/{message}/html`: the HTML part of a message, for the frame in its page.

use app::error::AppError;
use axum::extract::{Extension, State};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{Html, IntoResponse, Response};
use backend::Backend;
use backend::messages::email::message::{CAP, CAP_ID};
use data_encoding::BASE64;
use domain::ids::MessageId;

use crate::http::extract::Path;
use crate::http::session::Session;
use crate::http::sessions::stamp::NotOurPage;

/// Emails are styled inline, contain their picture, and run no scripts; only our own page may frame them.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox";

/// Returns the message, sandboxed.
pub(super) async fn message_html(
    State(backend): State<Backend>,
    Session(signed_in): Session,
    Path(message): Path<MessageId>,
) -> Response {
    match backend::mailbox::open(&backend, &signed_in.actor, message).await {
        Ok(message) => {
            // A browser does not know the parts of the message.
            let cap = format!("data:image/png;base64,{}", BASE64.encode(CAP));
            let html = message.html.replace(&format!("cid:{CAP_ID}"), &cap);
            ([(CONTENT_SECURITY_POLICY, POLICY)], Extension(NotOurPage), Html(html)).into_response()
        }
        Err(error) => {
            let error = AppError::from(error);
            (error.kind.status(), error.message).into_response()
        }
    }
}
