//! The portal's home.

use app::features::portal::pages::home::home_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use backend::Backend;

use crate::http::family::{Family, html};
use crate::http::problem::PageError;
use crate::http::session::Session;

/// Shows the home page of the signed-in person.
pub(super) async fn home(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
) -> Result<Response, PageError> {
    let home = backend::portal::home::home(&backend, &who.actor).await?;
    Ok(html(StatusCode::OK, home_page(page, home)))
}
