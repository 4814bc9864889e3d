//! Signing out.

use std::sync::Arc;

use axum::extract::{Extension, State};
use axum::http::HeaderValue;
use axum::response::Response;
use backend::Backend;
use backend::sessions::session::SignedIn;
use backend::sessions::sign_out::sign_out;

use crate::http::cookies;
use crate::http::cookies::go_on;
use crate::http::problem::PageError;
use crate::http::session::CLEAR_SITE_DATA;

/// Ends the session, if there is one, and deletes its cookie.
pub(super) async fn leave(
    State(backend): State<Backend>,
    who: Option<Extension<Arc<SignedIn>>>,
) -> Result<Response, PageError> {
    if let Some(Extension(who)) = who
        && let Err(error) = sign_out(&backend, &who).await
    {
        return Err(error.into());
    }
    let mut response = go_on("/sign-in?said=signed-out", [cookies::no_session(&backend)])?;
    // The roll cached for the office's lists must not stay on a shared desk (OWASP ASVS 5.0, V14.3.1). Keeps
    // the cookies, so that the browser is still recognised.
    response.headers_mut().insert(CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}
