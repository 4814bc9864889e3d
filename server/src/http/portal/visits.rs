//! Who looked at one's account.

use app::features::portal::pages::visits::visits_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use backend::Backend;
use backend::portal::visits::all;

use crate::http::family::{Family, html, problem};
use crate::http::session::Session;

/// All visits to the signed-in person.
pub(super) async fn visits(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
) -> Response {
    match all(&backend, &who.actor).await {
        Ok(visits) => html(StatusCode::OK, visits_page(page, who.actor.is_staff(), visits)),
        Err(error) => problem(page, error),
    }
}
