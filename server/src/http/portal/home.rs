//! The portal's home.

use app::features::portal::pages::home::home_page;
use app::features::portal::pages::not_mine::done_words;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use backend::Backend;
use serde::Deserialize;

use crate::http::extract::Query;
use crate::http::family::{Family, html};
use crate::http::problem::PageError;
use crate::http::session::Session;

/// What was just done.
#[derive(Deserialize)]
pub(super) struct PortalQuery {
    #[serde(default)]
    done: String,
}

/// Shows the home page of the signed-in person.
pub(super) async fn home(
    Session(who): Session,
    State(backend): State<Backend>,
    Family(page): Family,
    Query(PortalQuery { done }): Query<PortalQuery>,
) -> Result<Response, PageError> {
    let home = backend::portal::home::home(&backend, &who.actor).await?;
    let done = (done == "not-mine").then(|| done_words(&page));
    Ok(html(StatusCode::OK, home_page(page, home, done)))
}
