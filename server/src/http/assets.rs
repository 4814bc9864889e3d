//! Files for the browser, compressed when they were built.

use std::path::Path;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use backend::Backend;
use tower::ServiceBuilder;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

/// A year, as fonts never change under their name.
const LONG: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Asked again each time, answered "not modified" while it is.
const CHECK: HeaderValue = HeaderValue::from_static("public, no-cache");

/// Style, icons, fonts and the application itself.
pub(super) fn routes(site: &Path) -> Router<Backend> {
    let folder = |name: &str, cache: HeaderValue| {
        ServiceBuilder::new()
            .layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, cache))
            .service(ServeDir::new(site.join(name)).precompressed_br().precompressed_gzip())
    };
    let file = |name: &str| {
        ServiceBuilder::new()
            .layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, CHECK))
            .service(ServeFile::new(site.join(name)).precompressed_br().precompressed_gzip())
    };
    Router::new()
        .nest_service("/pkg", folder("pkg", CHECK))
        .nest_service("/fonts", folder("fonts", LONG))
        .route_service("/icons.svg", file("icons.svg"))
        .route_service("/favicon.svg", file("favicon.svg"))
        .route_service("/family.js", file("family.js"))
}
