//! Protection against cross-site request forgery: a request that changes something must come from our own
//! pages.
//!
//! `Sec-Fetch-Site` decides if the browser sends it (Fetch Metadata); otherwise `Origin` must be ours. A
//! request with neither does not come from a browser, carries no browser's cookie, and is allowed.

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use backend::Backend;

/// Refuses requests from other sites.
pub(super) async fn check(State(backend): State<Backend>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || is_own(request.headers(), &backend.config.base_url) {
        return next.run(request).await;
    }
    let message = "This request came from another site and was refused. Open Greencap and try again.\n";
    (StatusCode::FORBIDDEN, message).into_response()
}

fn is_own(headers: &HeaderMap, base_url: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(ORIGIN.as_str()) else { return true };
    let host = text(HOST.as_str()).unwrap_or_default();
    origin == base_url || origin.split_once("://").is_some_and(|(_, from)| !host.is_empty() && from == host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn own(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        is_own(&headers, "https://portal.example")
    }

    #[test]
    fn fetch_metadata_decides_where_there_is_any() {
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(!own(&[("sec-fetch-site", "cross-site"), ("origin", "https://portal.example")]));
        assert!(!own(&[("sec-fetch-site", "same-site")]));
    }

    #[test]
    fn otherwise_the_origin_must_be_ours() {
        assert!(own(&[("origin", "https://portal.example")]));
        assert!(own(&[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")]));
        assert!(!own(&[("origin", "https://evil.example"), ("host", "portal.example")]));
        assert!(!own(&[("origin", "null"), ("host", "portal.example")]));
    }
}
