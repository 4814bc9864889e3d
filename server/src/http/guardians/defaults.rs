//! What adults see by default at the current school.

use app::features::guardians::pages::access::{defaults_page, read_ticks};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::Backend;
use backend::guardians::access::defaults;
use domain::guardians::settings::GUARDIAN_ACCESS_PAGE;
use serde::Deserialize;

use crate::http::extract::{Form, Query};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// The query parameters.
#[derive(Deserialize)]
pub(super) struct DefaultsQuery {
    #[serde(default)]
    done: String,
}

/// Shows the ticks.
pub(super) async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<DefaultsQuery>,
) -> Result<Response, PageError> {
    office.page.done = (query.done == "saved").then_some("Saved.");
    let school = office.page.me.school.id;
    let access = defaults::load(&backend, &office.who.actor, school).await?;
    Ok(html(StatusCode::OK, defaults_page(office.page, access, true)))
}

/// Sets them.
pub(super) async fn save(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let school = office.page.me.school.id;
    defaults::save(&backend, &office.who.actor, school, &read_ticks(&pairs)).await?;
    Ok(Redirect::to(&format!("{}?done=saved", GUARDIAN_ACCESS_PAGE.path)).into_response())
}
