//! Signing out.

use std::sync::Arc;

use axum::extract::{Extension, State};
use axum::http::HeaderValue;
use axum::response::Response;
use backend::Backend;
use backend::sessions::session::SignedIn;
use backend::sessions::sign_out::sign_out;
use serde::Deserialize;

use crate::http::cookies;
use crate::http::cookies::go_on;
use crate::http::extract::Form;
use crate::http::problem::PageError;
use crate::http::session::CLEAR_SITE_DATA;
use crate::http::sign_in::next::NextPath;

/// The submitted form.
#[derive(Deserialize, Default)]
pub(super) struct SignOutForm {
    /// Where the person who signs in next is going.
    #[serde(default)]
    next: NextPath,
}

/// Ends the session, if there is one, and deletes its cookie.
pub(super) async fn leave(
    State(backend): State<Backend>,
    who: Option<Extension<Arc<SignedIn>>>,
    form: Result<Form<SignOutForm>, PageError>,
) -> Result<Response, PageError> {
    if let Some(Extension(who)) = who
        && let Err(error) = sign_out(&backend, &who).await
    {
        return Err(error.into());
    }
    // Whatever was sent, nobody stays signed in.
    let Form(SignOutForm { next }) = form.unwrap_or_else(|_| Form(SignOutForm::default()));
    let and_next = next.query().replace('?', "&");
    let mut response =
        go_on(&format!("/sign-in?said=signed-out{and_next}"), [cookies::no_session(&backend)])?;
    // The roll cached for the office's lists must not stay on a shared desk (OWASP ASVS 5.0, V14.3.1). Keeps
    // the cookies, so that the browser is still recognised.
    response.headers_mut().insert(CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}
