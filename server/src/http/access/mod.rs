//! Coming in and going out.

mod activate;
mod cookies;
mod next;
mod setup;
mod sign_in;
mod sign_out;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{InvalidHeaderValue, SET_COOKIE};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use backend::{Backend, Error};
use domain::invitations::link::LINK;

/// Open to everybody, but for signing out.
pub(super) fn routes() -> Router<Backend> {
    Router::new()
        .route("/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/sign-out", post(sign_out::leave))
        .route("/setup/{token}", get(setup::show).post(setup::create))
        .route(&format!("{LINK}/{{token}}"), get(activate::by_link))
        .route("/activate", get(activate::show).post(activate::by_code))
        .route("/activate/check", get(activate::check))
        .route("/activate/not-me", post(activate::not_me))
        .route("/activate/password", get(activate::choose).post(activate::save))
        .route("/activate/fresh", post(activate::fresh))
}

/// On to another page (303, so that a form is not sent twice), with cookies.
fn go_on<const N: usize>(
    to: &str,
    cookies: [Result<HeaderValue, InvalidHeaderValue>; N],
) -> Result<Response, Error> {
    let mut response = Redirect::to(to).into_response();
    for cookie in cookies {
        response.headers_mut().append(SET_COOKIE, cookie.map_err(Error::unexpected)?);
    }
    Ok(response)
}
