//! Routes about imports that are no pages: the upload, the logs and the template to download.

mod log;
mod template;
mod upload;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use backend::Backend;
use backend::imports::table::limits;

/// Room for the other parts of the form around the file, in bytes.
const FORM: usize = 64 * 1024;

/// The routes; a file may be larger than other requests.
pub(super) fn routes() -> Router<Backend> {
    Router::new()
        .route("/imports/upload", post(upload::upload))
        .layer(DefaultBodyLimit::max(limits::FILE + FORM))
        .route("/imports/template.csv", get(template::template))
        .route("/imports/{import}/log.csv", get(log::csv))
        .route("/imports/{import}/log.ndjson", get(log::ndjson))
}
