//! The portal's home.

use app::features::portal::pages::home::home_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use backend::Backend;

use crate::http::family::{Family, html, problem};
use crate::http::session::Session;

/// The home page of the signed-in person.
pub(super) async fn home(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
) -> Response {
    match backend::portal::home::home(&backend, &who.actor).await {
        Ok(home) => html(StatusCode::OK, home_page(page, home)),
        Err(error) => problem(page, error),
    }
}
