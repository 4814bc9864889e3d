//! Routes about messages that are no pages.

mod message_html;

use axum::routing::get;
use domain::access::policy::Permission;

use super::routes::Routes;

/// The HTML part of a mailbox message.
pub(super) fn routes() -> Routes {
    Routes::new().holding(Permission::ViewMailbox, "/mailbox/{message}/html", get(message_html::message_html))
}
