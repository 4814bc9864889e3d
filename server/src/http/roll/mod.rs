//! Routes about students that are no pages.

mod snapshot;

use axum::Router;
use axum::routing::get;
use backend::Backend;

/// The whole roll for the browser.
pub(super) fn routes() -> Router<Backend> {
    Router::new().route("/roll/{school}/snapshot", get(snapshot::snapshot))
}
