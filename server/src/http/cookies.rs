//! The cookies of sign-in and activation (OWASP ASVS 5.0, V3.3).

use axum::http::HeaderValue;
use axum::http::header::{InvalidHeaderValue, SET_COOKIE};
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::sessions::session::{NewSession, SessionLimits};
use backend::sessions::visitor::KNOWN_FOR;
use backend::sign_in::flow::FLOW_LIVES;
use backend::{Backend, Error};
use chrono::TimeDelta;

use super::session::cookie_name;
use super::visitor::device_cookie;

/// How long the token of an opened link stays in the browser: while a password is chosen, or one signs in to confirm.
const OPENED_LIVES: TimeDelta = TimeDelta::minutes(30);

/// The name of the cookie that holds an opened invitation's token, so that it stands in no address after the first.
pub(super) fn activation_name(https: bool) -> &'static str {
    if https { "__Host-greencap-activation" } else { "greencap-activation" }
}

/// The session's cookie. That of staff ends with the browser; that of families lives as long as the session can.
pub(super) fn session(backend: &Backend, session: &NewSession) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    let lives = (!session.staff).then(|| SessionLimits::of(false).absolute);
    cookie(https, cookie_name(https), &session.token, lives)
}

/// What the browser is known by from now on.
pub(super) fn device(backend: &Backend, token: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, device_cookie(https), token, Some(KNOWN_FOR))
}

/// The name of the cookie that keeps the place of a sign-in with a step left.
pub(super) fn sign_in_flow_name(https: bool) -> &'static str {
    if https { "__Host-greencap-sign-in" } else { "greencap-sign-in" }
}

/// Keeps the place of a sign-in.
pub(super) fn sign_in_flow(backend: &Backend, token: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, sign_in_flow_name(https), token, Some(FLOW_LIVES))
}

/// Takes it away.
pub(super) fn no_sign_in_flow(backend: &Backend) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, sign_in_flow_name(https), "", Some(TimeDelta::zero()))
}

/// The name of the cookie that a browser keeps while it is at a provider of single sign-on.
pub(super) fn visit_name(https: bool) -> &'static str {
    if https { "__Host-greencap-visit" } else { "greencap-visit" }
}

/// Kept while a browser is at a provider.
pub(super) fn visit(backend: &Backend, token: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, visit_name(https), token, Some(FLOW_LIVES))
}

/// The name of the cookie that holds the token of a reset link, so that it stands in no address after the first.
pub(super) fn reset_name(https: bool) -> &'static str {
    if https { "__Host-greencap-reset" } else { "greencap-reset" }
}

/// The cookie of an opened reset link.
pub(super) fn reset(backend: &Backend, token: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, reset_name(https), token, Some(OPENED_LIVES))
}

/// Takes it away.
pub(super) fn no_reset(backend: &Backend) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, reset_name(https), "", Some(TimeDelta::zero()))
}

/// The name of the cookie that holds the token of a link about a change of address, so that it stands in no address after
/// the first.
pub(super) fn address_name(https: bool) -> &'static str {
    if https { "__Host-greencap-address" } else { "greencap-address" }
}

/// The cookie of an opened link about a change of address.
pub(super) fn address(backend: &Backend, token: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, address_name(https), token, Some(OPENED_LIVES))
}

/// Takes it away.
pub(super) fn no_address(backend: &Backend) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, address_name(https), "", Some(TimeDelta::zero()))
}

/// Takes the session's cookie away.
pub(super) fn no_session(backend: &Backend) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, cookie_name(https), "", Some(TimeDelta::zero()))
}

/// The cookie of an opened invitation.
pub(super) fn activation(backend: &Backend, token: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, activation_name(https), token, Some(OPENED_LIVES))
}

/// Takes it away.
pub(super) fn no_activation(backend: &Backend) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, activation_name(https), "", Some(TimeDelta::zero()))
}

fn cookie(
    https: bool,
    name: &str,
    value: &str,
    lives: Option<TimeDelta>,
) -> Result<HeaderValue, InvalidHeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    let lives = lives.map_or_else(String::new, |lives| format!("; Max-Age={}", lives.num_seconds()));
    HeaderValue::try_from(format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{lives}"))
}

/// On to another page (303, so that a form is not sent twice), with cookies.
pub(super) fn go_on<const N: usize>(
    to: &str,
    cookies: [Result<HeaderValue, InvalidHeaderValue>; N],
) -> Result<Response, Error> {
    let mut response = Redirect::to(to).into_response();
    for cookie in cookies {
        response.headers_mut().append(SET_COOKIE, cookie.map_err(Error::unexpected)?);
    }
    Ok(response)
}

/// Only what a token can consist of reaches a header.
pub(super) fn token_only(token: &str) -> String {
    token.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(64).collect()
}
