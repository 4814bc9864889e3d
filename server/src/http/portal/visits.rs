//! Who looked at your account.

use app::features::portal::pages::visits::visits_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use backend::Backend;
use backend::portal::frame::frame;
use backend::portal::visits::all;

use crate::http::family::{Family, html};
use crate::http::problem::PageError;
use crate::http::session::Session;

/// Shows all visits to the signed-in person.
pub(super) async fn visits(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
) -> Result<Response, PageError> {
    let frame = frame(&backend, &who.actor).await?;
    let visits = all(&backend, &who.actor).await?;
    Ok(html(StatusCode::OK, visits_page(page, frame, visits)))
}
