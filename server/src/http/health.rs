//! `/health`: whether this process can do its work.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use backend::Backend;

use super::routes::Routes;

/// For load balancers and monitoring.
pub(super) fn routes() -> Routes {
    Routes::new().open("/health", get(health))
}

/// 200 while the database answers, 503 while it does not.
async fn health(State(backend): State<Backend>) -> (StatusCode, &'static str) {
    match backend.database.ping().await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::warn!(%error, "http.health");
            (StatusCode::SERVICE_UNAVAILABLE, "The database cannot be reached.\n")
        }
    }
}
