//! Every route, in one list, and the layers around them.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use backend::Backend;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use super::{
    access, accounts, assets, family, headers, health, imports, invitations, office, origin, portal, roll,
    session, source,
};

/// The most that a request may carry, in bytes, where a route does not say otherwise: enough for the ids of 100,000
/// people picked by hand.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// How long a request may take before it is given up.
const TIME_LIMIT: Duration = Duration::from_mins(1);

/// Greencap over HTTP.
pub fn router(backend: Backend) -> Router {
    let site = backend.config.site.clone();
    let family = access::routes()
        .merge(portal::routes())
        .layer(from_fn(family::keep_language))
        .layer(from_fn(family::strict));
    Router::new()
        .merge(office::routes(&backend))
        .merge(family)
        .merge(accounts::routes())
        .merge(imports::routes())
        .merge(invitations::routes())
        .merge(roll::routes())
        .fallback(family::nowhere)
        .layer(from_fn(headers::private))
        .layer(from_fn_with_state(backend.clone(), session::load))
        .layer(from_fn_with_state(backend.clone(), source::find))
        .layer(from_fn_with_state(backend.clone(), origin::check))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, TIME_LIMIT))
        .route("/health", get(health::health))
        .layer(CompressionLayer::new())
        .merge(assets::routes(&site))
        .layer(from_fn_with_state(backend.config.is_https(), headers::secure))
        .layer(CatchPanicLayer::new())
        .with_state(backend)
}
