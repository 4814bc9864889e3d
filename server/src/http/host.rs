//! The host that a request names. A request has exactly one (RFC 9112, section 3.2), and it must be ours:
//! nothing that another name shows here could then be taken for this site (DNS rebinding, cache poisoning).

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use backend::Backend;

/// Pages for machines, which may ask for them by any name.
const FOR_MACHINES: &str = "/health";

/// Refuses a request that names no host, several, or one that is not ours.
pub(super) async fn check(State(backend): State<Backend>, request: Request, next: Next) -> Response {
    let Some(named) = named(&request) else {
        let message = "This request does not name exactly one host. Open Greencap and try again.\n";
        return (StatusCode::BAD_REQUEST, message).into_response();
    };
    if request.uri().path() == FOR_MACHINES || is_ours(&named, &backend.config.base_url) {
        return next.run(request).await;
    }
    let message = "Greencap has another address. Open the address that the school gave you. If you run \
                   Greencap: set GREENCAP_BASE_URL to its address, and let the proxy pass the Host header on.\n";
    (StatusCode::MISDIRECTED_REQUEST, message).into_response()
}

/// The one host that a request names: in its URL, as over HTTP/2, in its header, or the same in both.
fn named(request: &Request) -> Option<Authority> {
    let mut headers = request.headers().get_all(HOST).iter();
    let header = headers.next().map(|value| value.as_bytes().try_into());
    if headers.next().is_some() {
        return None;
    }
    let header: Option<Authority> = header.transpose().ok()?;
    let named = match (header, request.uri().authority()) {
        (Some(header), Some(authority)) if header != *authority => return None,
        (header, authority) => authority.cloned().or(header)?,
    };
    // A host has no user (RFC 9110, section 4.2.4).
    (!named.as_str().contains('@') && !named.host().is_empty()).then_some(named)
}

/// Whether a host is that of the base URL, or this machine. Until Greencap has a name, every IP address is
/// ours too: only a name can be made to lead here from elsewhere.
fn is_ours(named: &Authority, base_url: &str) -> bool {
    let Ok(base) = base_url.parse::<Uri>() else { return false };
    let (Some(host), https) = (base.host(), base.scheme_str() == Some("https")) else { return false };
    let usual = if https { 443 } else { 80 };
    let same_port = named.port_u16().unwrap_or(usual) == base.port_u16().unwrap_or(usual);
    is_this_machine(named.host())
        || named.host().eq_ignore_ascii_case(host) && same_port
        || ip(named.host()).is_some() && (ip(host).is_some() || is_this_machine(host))
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || ip(host).is_some_and(|address| address.is_loopback())
}

/// The IP address that a host is, if it is one.
fn ip(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ours_are_the_base_urls_host_and_this_machine() {
        let ours = |named: &'static str, base: &str| is_ours(&Authority::from_static(named), base);
        for named in
            ["portal.example", "PORTAL.example", "portal.example:443", "localhost:3000", "[::1]:3000"]
        {
            assert!(ours(named, "https://portal.example"), "{named}");
        }
        for named in ["evil.example", "portal.example:8443", "portal.example.evil.example", "192.0.2.1"] {
            assert!(!ours(named, "https://portal.example"), "{named}");
        }
        assert!(ours("192.168.1.5:3000", "http://0.0.0.0:3000"), "no name yet");
        assert!(ours("192.168.1.5:3000", "http://localhost:3000"));
        assert!(!ours("evil.example:3000", "http://127.0.0.1:3000"));
    }
}
