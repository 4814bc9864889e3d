//! People with roles.

use app::features::authorization::pages::roles::holders_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use backend::Backend;
use backend::authorization::roles::holders::holders;
use backend::authorization::roles::people::find;
use serde::Deserialize;

use crate::http::extract::Query;
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// The query parameters.
#[derive(Deserialize)]
pub(super) struct RoleHoldersQuery {
    #[serde(default)]
    q: String,
}

/// Shows the table and the search results.
pub(super) async fn show(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<RoleHoldersQuery>,
) -> Result<Response, PageError> {
    let actor = &office.who.actor;
    let loaded = match holders(&backend, actor).await {
        Ok(holders) => find(&backend, actor, &query.q).await.map(|found| (holders, found)),
        Err(error) => Err(error),
    };
    let (holders, found) = loaded?;
    Ok(html(StatusCode::OK, holders_page(office.page, holders, query.q, found)))
}
