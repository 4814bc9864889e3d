//! The IP address that a request came from.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::Next;
use axum::response::Response;
use backend::Backend;

/// Set by the proxies in front; ignored from anyone else.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address, in the request's extensions; `None` if the request did not come over a network, as
/// in tests.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClientAddress(pub(super) Option<IpAddr>);

/// Determines it once per request.
pub(super) async fn find(State(backend): State<Backend>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    let source = peer.map(|peer| behind(peer, request.headers(), &backend.config.proxies));
    request.extensions_mut().insert(ClientAddress(source));
    next.run(request).await
}

/// The nearest address that is not one of our proxies. Each proxy adds the address it was contacted from to
/// the end of the list.
fn behind(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let hops: Vec<&str> = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut nearest = peer;
    for hop in hops.into_iter().rev() {
        if !proxies.contains(&nearest) {
            break;
        }
        // An invalid address was not written by one of our proxies: keep the last known one.
        let Ok(before) = hop.trim().parse::<IpAddr>() else { break };
        nearest = before.to_canonical();
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn seen(peer: &str, forwarded: &[&'static str]) -> IpAddr {
        let headers =
            forwarded.iter().map(|value| (FORWARDED_FOR, HeaderValue::from_static(value))).collect();
        behind(ip(peer), &headers, &[ip("10.0.0.2"), ip("10.0.0.3")])
    }

    #[test]
    fn a_visitor_cannot_say_where_they_come_from() {
        assert_eq!(seen("192.0.2.9", &["198.51.100.1"]), ip("192.0.2.9"));
        assert_eq!(seen("10.0.0.2", &["198.51.100.1, 192.0.2.9"]), ip("192.0.2.9"));
        assert_eq!(seen("10.0.0.2", &["198.51.100.1", "192.0.2.9, 10.0.0.3"]), ip("192.0.2.9"));
    }

    #[test]
    fn a_proxy_that_says_nothing_useful_is_named_itself() {
        assert_eq!(seen("10.0.0.2", &[]), ip("10.0.0.2"));
        assert_eq!(seen("10.0.0.2", &["unknown"]), ip("10.0.0.2"));
    }
}
