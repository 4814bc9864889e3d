//! The browser that a request comes from.

use std::convert::Infallible;

use app::guard::cookie_of;
use axum::extract::FromRequestParts;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use backend::Backend;
use backend::sessions::visitor::Visitor;
use domain::sessions::device::Device;

use super::source::ClientAddress;

/// The visitor, as a handler argument.
pub(super) struct Visiting(pub(super) Visitor);

impl FromRequestParts<Backend> for Visiting {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, backend: &Backend) -> Result<Self, Infallible> {
        let user_agent =
            parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(Self(Visitor {
            source: parts.extensions.get::<ClientAddress>().and_then(|source| source.0),
            device: Device::of(user_agent),
            known_as: cookie_of(&parts.headers, device_cookie(backend.config.is_https())),
        }))
    }
}

/// The name of the cookie by which a browser is recognised.
pub(super) fn device_cookie(https: bool) -> &'static str {
    if https { "__Host-greencap-device" } else { "greencap-device" }
}
