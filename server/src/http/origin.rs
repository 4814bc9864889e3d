//! Protection against cross-site request forgery: a request that changes something must come from our own
//! pages.
//!
//! `Sec-Fetch-Site` decides if the browser sends it (Fetch Metadata); otherwise `Origin` must be ours. A
//! request with neither does not come from a browser, carries no browser's cookie, and is allowed. A header
//! that is sent twice, or that is not text, decides nothing: the request is refused.

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
    let (Ok(site), Ok(origin), Ok(host)) =
        (only(headers, "sec-fetch-site"), only(headers, ORIGIN.as_str()), only(headers, HOST.as_str()))
    else {
        return false;
    };
    if let Some(site) = site {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = origin else { return true };
    // [`super::host`] has refused a host that is not ours. Plain http is not ours where there is TLS.
    let https = base_url.starts_with("https://");
    let from = origin.strip_prefix(if https { "https://" } else { "http://" });
    origin == base_url || from.is_some_and(|from| !from.is_empty() && Some(from) == host)
}

/// The value of a header; an error if it was sent twice or is not ASCII.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, ()> {
    let mut values = headers.get_all(name).iter();
    let first = values.next().map(|value| value.to_str().map_err(drop)).transpose()?;
    if values.next().is_some() { Err(()) } else { Ok(first) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn own_at(base_url: &str, pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            headers.append(HeaderName::from_static(name), value);
        }
        is_own(&headers, base_url)
    }

    fn own(pairs: &[(&'static str, &'static str)]) -> bool {
        own_at("https://portal.example", pairs)
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
        assert!(own(&[("origin", "https://localhost:3000"), ("host", "localhost:3000")]));
        let plain = [("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")];
        assert!(own_at("http://localhost:3000", &plain));
        assert!(!own(&[("origin", "https://evil.example"), ("host", "portal.example")]));
        assert!(!own(&[("origin", "null"), ("host", "portal.example")]));
        assert!(own(&[]), "no browser");
    }

    #[test]
    fn plain_http_is_another_origin_under_https() {
        assert!(!own(&[("origin", "http://portal.example"), ("host", "portal.example")]));
        assert!(!own(&[("origin", "http://localhost:3000"), ("host", "localhost:3000")]));
        assert!(!own(&[("origin", "ftp://portal.example"), ("host", "portal.example")]));
    }

    #[test]
    fn a_header_that_is_doubled_or_no_text_refuses_the_request() {
        let ours = "https://portal.example";
        assert!(!own(&[("origin", ours), ("origin", ours)]));
        assert!(!own(&[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")]));
        assert!(!own(&[("sec-fetch-site", "s\u{e4}me-origin"), ("origin", ours)]));
        assert!(!own(&[("origin", "https://port\u{e4}l.example")]));
    }
}
