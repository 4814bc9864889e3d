//! The access map of a student.

use app::features::guardians::pages::access::map_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use backend::Backend;
use backend::guardians::access::map::{AccessMap, map};
use domain::ids::PersonId;
use serde::Deserialize;

use super::known;
use crate::http::extract::{Path, Query};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// The query parameters.
#[derive(Deserialize)]
pub(super) struct AccessQuery {
    #[serde(default)]
    done: String,
}

/// Shows who sees what.
pub(super) async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Path(person): Path<String>,
    Query(query): Query<AccessQuery>,
) -> Result<Response, PageError> {
    let map = map(&backend, &office.who.actor, known(&person)?).await?;
    office.page.done = match query.done.as_str() {
        "asked" => Some("A second person has to approve. It is listed under Approvals."),
        "changed" => Some("Restriction changed."),
        "lifted" => Some("Restriction lifted."),
        "reviewed" => Some("Review date saved."),
        _ => None,
    };
    let told = (query.done == "restricted").then(|| told(&map)).flatten();
    Ok(html(StatusCode::OK, map_page(office.page, map, told, None)))
}

/// What the restriction ended that was recorded last.
fn told(map: &AccessMap) -> Option<String> {
    let latest = map.restrictions.first()?;
    Some(latest.effects.map_or_else(
        || "It acts on its first day.".to_owned(),
        domain::guardians::restriction::RestrictionEffects::sentence,
    ))
}

/// The page again, with why nothing was changed.
pub(super) async fn refused(
    office: OfficeRequest,
    backend: &Backend,
    child: PersonId,
    problem: String,
) -> Result<Response, PageError> {
    let map = map(backend, &office.who.actor, child).await?;
    Ok(html(StatusCode::OK, map_page(office.page, map, None, Some(problem))))
}
