//! The portal, and staff's preview of it.

mod home;
mod preview;

use axum::Router;
use axum::routing::get;
use backend::Backend;

/// For everyone signed in; the preview asks for more inside.
pub(super) fn routes() -> Router<Backend> {
    Router::new()
        .route("/portal", get(home::home))
        .route("/students/{person}/preview", get(preview::ask).post(preview::show))
}
