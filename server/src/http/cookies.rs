//! The cookies of sign-in and activation (OWASP ASVS 5.0, V3.3).

use app::ui::family::ProblemKind;
use axum::http::header::{InvalidHeaderValue, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::sessions::session::{NewSession, SessionLimits};
use backend::sessions::visitor::KNOWN_FOR;
use backend::sign_in::flow::FLOW_LIVES;
use backend::{Backend, Error};
use chrono::TimeDelta;

use super::problem::PageError;
use super::session::cookie_name;
use super::visitor::device_cookie;

/// How long the token of an opened link stays in the browser, while its owner chooses a password or signs in
/// to confirm.
const OPENED_LIVES: TimeDelta = TimeDelta::minutes(30);

/// The name of the cookie with an opened invitation's token, so that the token is only in the first URL.
pub(super) fn activation_name(https: bool) -> &'static str {
    if https { "__Host-greencap-activation" } else { "greencap-activation" }
}

/// The session cookie. For staff it ends with the browser; for families it lasts as long as the session can.
pub(super) fn session(backend: &Backend, session: &NewSession) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    let lives = (!session.staff).then(|| SessionLimits::of(false).absolute);
    cookie(https, cookie_name(https), &session.token, lives)
}

/// The cookie by which the browser is recognised from now on.
pub(super) fn device(backend: &Backend, token: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, device_cookie(https), token, Some(KNOWN_FOR))
}

/// The name of the cookie that stores the progress of a sign-in with a step left.
pub(super) fn sign_in_flow_name(https: bool) -> &'static str {
    if https { "__Host-greencap-sign-in" } else { "greencap-sign-in" }
}

/// The cookie that stores the progress of a sign-in.
pub(super) fn sign_in_flow(backend: &Backend, token: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, sign_in_flow_name(https), token, Some(FLOW_LIVES))
}

/// Deletes that cookie.
pub(super) fn no_sign_in_flow(backend: &Backend) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, sign_in_flow_name(https), "", Some(TimeDelta::zero()))
}

/// The name of the cookie that a browser keeps while it is at a single sign-on provider.
pub(super) fn visit_name(https: bool) -> &'static str {
    if https { "__Host-greencap-visit" } else { "greencap-visit" }
}

/// The cookie for a browser that is at a provider.
pub(super) fn visit(backend: &Backend, token: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, visit_name(https), token, Some(FLOW_LIVES))
}

/// The name of the cookie with a reset link's token, so that the token is only in the first URL.
pub(super) fn reset_name(https: bool) -> &'static str {
    if https { "__Host-greencap-reset" } else { "greencap-reset" }
}

/// The cookie of an opened reset link.
pub(super) fn reset(backend: &Backend, token: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, reset_name(https), token, Some(OPENED_LIVES))
}

/// Deletes that cookie.
pub(super) fn no_reset(backend: &Backend) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, reset_name(https), "", Some(TimeDelta::zero()))
}

/// The name of the cookie with the token of a link about a change of address, so that the token is only in
/// the first URL.
pub(super) fn address_name(https: bool) -> &'static str {
    if https { "__Host-greencap-address" } else { "greencap-address" }
}

/// The cookie of an opened link about a change of address.
pub(super) fn address(backend: &Backend, token: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, address_name(https), token, Some(OPENED_LIVES))
}

/// Deletes that cookie.
pub(super) fn no_address(backend: &Backend) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, address_name(https), "", Some(TimeDelta::zero()))
}

/// Deletes the session cookie.
pub(super) fn no_session(backend: &Backend) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, cookie_name(https), "", Some(TimeDelta::zero()))
}

/// The cookie of an opened invitation.
pub(super) fn activation(backend: &Backend, token: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, activation_name(https), token, Some(OPENED_LIVES))
}

/// How long "This is not me" can be taken back in this browser.
const TAKEN_BACK_FOR: TimeDelta = TimeDelta::minutes(10);

/// The same cookie after "This is not me": kept for a short time, in case it was pressed by mistake.
pub(super) fn refused_activation(backend: &Backend, token: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let https = backend.config.is_https();
    cookie(https, activation_name(https), token, Some(TAKEN_BACK_FOR))
}

/// Deletes that cookie.
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

/// Redirects to another page (303, so that a form is not sent twice), with cookies.
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

/// The token in a link of a message: 32 bytes in base64url (RFC 4648, section 5). Anything else was cut off or
/// changed on its way; it replaces no cookie, and its page says so.
pub(super) fn whole_token(token: &str) -> Result<&str, PageError> {
    whole(token, 43)
}

/// Such a token of another length.
pub(super) fn whole(token: &str, length: usize) -> Result<&str, PageError> {
    let is_whole =
        token.len() == length && token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    is_whole.then_some(token).ok_or_else(|| PageError::of(StatusCode::NOT_FOUND, ProblemKind::CutLink))
}
