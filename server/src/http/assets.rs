//! Files for the browser, compressed when they were built.

use std::path::Path;

use axum::Router;
use axum::extract::Request;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use backend::Backend;
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use tower::ServiceBuilder;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

/// A year, for files whose content never changes under their name.
const LONG: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Revalidated each time, answered "not modified" while unchanged.
const CHECK: HeaderValue = HeaderValue::from_static("public, no-cache");

/// The longest path of a file, in bytes: none of ours is longer. The file system refuses longer names (Linux:
/// `NAME_MAX` is 255, with the ending of a compressed file) and paths with an error.
const LONGEST_PATH: usize = 250;

/// A version that changes with the application: its files refer to each other, so a browser must never mix
/// those of two builds. Under another build's version they are not found, and the open page asks to be
/// reloaded.
pub(super) fn version(site: &Path) -> String {
    let mut hash = Sha256::new();
    for file in ["greencap.js", "greencap.wasm"] {
        // A missing file is missing from the page too, and `serve` has reported that at start.
        hash.update(std::fs::read(site.join("pkg").join(file)).unwrap_or_default());
    }
    HEXLOWER.encode(&hash.finalize()[..8])
}

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
        .nest_service(&format!("/pkg/{}", version(site)), folder("pkg", LONG))
        .nest_service("/fonts", folder("fonts", LONG))
        .route_service("/icons.svg", file("icons.svg"))
        .route_service("/favicon.svg", file("favicon.svg"))
        .route_service("/family.js", file("family.js"))
        .route_service("/session.js", file("session.js"))
        .layer(from_fn(possible_names))
}

/// A path that no file can have is not found.
async fn possible_names(request: Request, next: Next) -> Response {
    if request.uri().path().len() > LONGEST_PATH {
        return StatusCode::NOT_FOUND.into_response();
    }
    next.run(request).await
}
