//! People with roles.

use app::features::authorization::pages::roles::holders_page;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use backend::Backend;
use backend::authorization::roles::holders::holders;
use backend::authorization::roles::people::find;
use serde::Deserialize;

use crate::http::desk::AtDesk;
use crate::http::family::html;
use crate::http::problem::PageError;

/// The query parameters.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
}

/// Shows the table and the search results.
pub(super) async fn show(
    desk: AtDesk,
    State(backend): State<Backend>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let actor = &desk.who.actor;
    let loaded = match holders(&backend, actor).await {
        Ok(holders) => find(&backend, actor, &asked.q).await.map(|found| (holders, found)),
        Err(error) => Err(error),
    };
    let (holders, found) = loaded?;
    Ok(html(StatusCode::OK, holders_page(desk.page, holders, asked.q, found)))
}
