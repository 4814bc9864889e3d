//! Security headers (OWASP ASVS 5.0, V3.4).

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, RETRY_AFTER,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

/// For pages without their own policy: nothing inline, everything from this site.
const POLICY: &str =
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Sets the headers of every response.
pub(super) async fn secure(State(https): State<bool>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let unavailable = response.status() == StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    if unavailable {
        // In seconds; a database that restarts takes no longer.
        set(headers, RETRY_AFTER, "10");
    }
    set(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    if https {
        set(headers, STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
    if is_part_of_a_page(headers) {
        return response;
    }
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    // Not `no-referrer`: a form sent without WebAssembly returns to the page it came from.
    set(headers, REFERRER_POLICY, "same-origin");
    set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(headers, HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    response
}

/// Whether it is a script, a style sheet or a font: the rest of these headers concern only documents, and an
/// office page has about twenty such parts.
fn is_part_of_a_page(headers: &HeaderMap) -> bool {
    const PARTS: [&str; 4] = ["application/wasm", "font/woff2", "text/css", "text/javascript"];
    headers.get(CONTENT_TYPE).is_some_and(|kind| PARTS.iter().any(|part| *kind == *part))
}

/// Prevents caching of every response that may be about a person.
pub(super) async fn private(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
