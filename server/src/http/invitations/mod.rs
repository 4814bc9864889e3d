//! Routes about messages that are no pages.

mod message_html;

use axum::Router;
use axum::routing::get;
use backend::Backend;

/// The HTML part of a mailbox message.
pub(super) fn routes() -> Router<Backend> {
    Router::new().route("/mailbox/{message}/html", get(message_html::message_html))
}
