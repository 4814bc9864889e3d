//! The merges that were made, and their undo.

use app::features::guardians::pages::duplicates::merges::merges_page;
use app::features::guardians::pages::duplicates::undo::undo_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::Backend;
use backend::guardians::duplicates::merge::{list as lists, undo as undoes};
use domain::ids::MergeId;
use domain::lists::page::Cursor;
use serde::Deserialize;
use uuid::Uuid;

use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// The query parameters.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct MergesQuery {
    after: String,
    done: String,
}

/// Shows the list.
pub(super) async fn list(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<MergesQuery>,
) -> Result<Response, PageError> {
    office.page.done = match query.done.as_str() {
        "undone" => Some("Undone."),
        _ => None,
    };
    let after = (!query.after.is_empty()).then(|| Cursor::from(query.after));
    let merges = lists::list(&backend, &office.who.actor, after.as_ref()).await?;
    Ok(html(StatusCode::OK, merges_page(office.page, merges)))
}

/// Shows what an undo asks.
pub(super) async fn show(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(merge): Path<MergeId>,
) -> Result<Response, PageError> {
    page(office, &backend, merge, None).await
}

/// Undoes it.
pub(super) async fn undo(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(merge): Path<MergeId>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let given: Vec<Uuid> = form
        .iter()
        .filter(|(_, whose)| whose == "other")
        .filter_map(|(name, _)| name.strip_prefix("fact-")?.parse().ok())
        .collect();
    Ok(match undoes::undo(&backend, &office.who.actor, merge, &given).await.map_err(told) {
        Ok(_) => Redirect::to("/guardians/duplicates/merges?done=undone").into_response(),
        Err(Ok((_, problem))) => page(office, &backend, merge, problem).await?,
        Err(Err(error)) => return Err(error.into()),
    })
}

async fn page(
    office: OfficeRequest,
    backend: &Backend,
    merge: MergeId,
    problem: Option<String>,
) -> Result<Response, PageError> {
    let preview = undoes::preview(backend, &office.who.actor, merge).await?;
    Ok(html(StatusCode::OK, undo_page(office.page, preview, problem)))
}
