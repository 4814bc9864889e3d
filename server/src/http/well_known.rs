//! Addresses that every website has, for programs that know only its name.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use backend::{Backend, Error};
use chrono::TimeDelta;

use super::problem::PageError;
use super::routes::Routes;

/// How long a fetched `security.txt` holds (RFC 9116, section 2.5.5: less than a year).
const HOLDS: TimeDelta = TimeDelta::days(90);

/// Open to everyone.
pub(super) fn routes() -> Routes {
    Routes::new()
        .open("/.well-known/change-password", get(change_password))
        .open("/.well-known/security.txt", get(security))
        .open("/robots.txt", get(robots))
}

/// Where password managers send people to change a password (W3C, "A Well-Known URL for Changing Passwords").
async fn change_password() -> Response {
    (StatusCode::FOUND, [(LOCATION, "/account/password")]).into_response()
}

/// Where to report a weakness (RFC 9116), if the people who run this server say so.
async fn security(State(backend): State<Backend>) -> Result<Response, PageError> {
    let Some(contact) = &backend.config.security_contact else { return Err(Error::NotFound("page").into()) };
    let expires = (backend.now() + HOLDS).format("%Y-%m-%dT%H:%M:%SZ");
    let canonical = format!("{}/.well-known/security.txt", backend.config.base_url);
    let text = format!("Contact: {contact}\nExpires: {expires}\nCanonical: {canonical}\n");
    Ok(plain(text))
}

/// A portal has nothing for search engines (RFC 9309).
async fn robots() -> Response {
    plain("User-agent: *\nDisallow: /\n".to_owned())
}

fn plain(text: String) -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
