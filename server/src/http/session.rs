//! Who sent a request: the session cookie, resolved once per request.

use std::sync::Arc;

use app::error::AppError;
use app::guard::cookie_of;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::ACCEPT;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use backend::Backend;
use backend::guardians::family::first::is_asked;
use backend::sessions::session::{SignedIn, peek, resolve};
use domain::factors::SecondFactorDuty;

use super::family::look;
use super::office::refusal_of;
use super::portal::ARE_THESE_YOURS;
use super::problem::PageError;
use super::sessions::ended::ENDED;
use super::sessions::standing::STANDING;
use super::source::ClientAddress;

/// What a browser is to forget (W3C, "Clear Site Data").
pub(super) const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// The cookie's name, with the `__Host-` prefix (RFC 6265bis, section 4.1.3.2) wherever there is TLS.
pub fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-greencap" } else { "greencap" }
}

/// Adds the backend and, if the cookie is valid, the signed-in person to the request.
pub(super) async fn load(State(backend): State<Backend>, mut request: Request, next: Next) -> Response {
    let mut ended = false;
    if let Some(token) = cookie_of(request.headers(), cookie_name(backend.config.is_https())) {
        let asks = [STANDING, ENDED].contains(&request.uri().path());
        let found = if asks { peek(&backend, &token).await } else { resolve(&backend, &token).await };
        match found {
            Ok(Some(mut signed_in)) => {
                let source = request.extensions().get::<ClientAddress>().and_then(|source| source.0);
                signed_in.actor = signed_in.actor.at(source);
                if signed_in.duty == SecondFactorDuty::Overdue
                    && !asks
                    && request.method() == Method::GET
                    && !sets_up(request.uri().path())
                {
                    return Redirect::to("/account/security").into_response();
                }
                if request.method() == Method::GET
                    && shows_children(request.uri().path())
                    && is_asked(&signed_in)
                {
                    return Redirect::to(ARE_THESE_YOURS).into_response();
                }
                request.extensions_mut().insert(Arc::new(signed_in));
            }
            Ok(None) => ended = !asks,
            Err(error) => {
                return away(&request.into_parts().0, error);
            }
        }
    }
    request.extensions_mut().insert(backend);
    let mut response = next.run(request).await;
    if ended {
        // The roll cached for the office's lists must not stay on a shared desk when a session has run out either.
        // What was typed stays: it is in the storage.
        response.headers_mut().entry(CLEAR_SITE_DATA).or_insert(HeaderValue::from_static("\"cache\""));
    }
    response
}

/// Whether it is one of the pages for people who must set up a second factor first, or on the way to a
/// provider and back, which some use to step up for it. Other pages would show them nothing: until then they
/// act without their roles.
fn sets_up(path: &str) -> bool {
    ["/account/", "/sign-in/with/"].iter().any(|pages| path.starts_with(pages))
}

/// Whether it is a page of the portal other than the one that asks whose children these are.
fn shows_children(path: &str) -> bool {
    path == "/portal" || path.starts_with("/portal/") && path != ARE_THESE_YOURS
}

/// The response while nobody can be identified: the database is unavailable, or worse.
fn away(parts: &Parts, error: backend::Error) -> Response {
    let by_script = parts.uri.path().starts_with("/api/")
        || parts.headers.get(ACCEPT).is_some_and(|accepted| accepted == "application/json");
    if by_script {
        let error = AppError::from(error);
        return refusal_of(error.kind.status(), &error);
    }
    PageError::from(error).page(look(parts))
}

/// A signed-in person. As a handler argument, it sends everyone else to the sign-in page, or answers 401.
pub struct Session(pub Arc<SignedIn>);

impl<S: Sync> FromRequestParts<S> for Session {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        match parts.extensions.get::<Arc<SignedIn>>() {
            Some(signed_in) => Ok(Self(signed_in.clone())),
            None => Err(to_sign_in(parts)),
        }
    }
}

/// Redirects to the sign-in page, and back here afterwards.
pub fn to_sign_in(parts: &Parts) -> Response {
    if parts.method == Method::GET {
        let here = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        Redirect::to(&format!("/sign-in?next={}", encoded(here))).into_response()
    } else {
        (StatusCode::UNAUTHORIZED, "You have been signed out. Sign in and try again.\n").into_response()
    }
}

/// Percent-encodes a path as a value in a URL (RFC 3986, section 2.1).
pub(super) fn encoded(path: &str) -> String {
    path.bytes().fold(String::new(), |mut text, byte| {
        use std::fmt::Write as _;
        if byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}
