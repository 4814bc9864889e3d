//! Routes about accounts that are no pages.

mod export;

use axum::Router;
use axum::routing::post;
use backend::Backend;

/// The file for a spreadsheet.
pub(super) fn routes() -> Router<Backend> {
    Router::new().route("/accounts/export", post(export::export))
}
