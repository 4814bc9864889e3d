//! The periods of the current school.

use std::collections::BTreeMap;

use app::features::settings::pages::settings_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::school_year::settings as periods;
use backend::{Backend, Error};
use domain::fields::FieldErrors;
use domain::school_year::settings::SCHOOL_YEAR_PAGE;
use serde::Deserialize;

use crate::http::extract::{Form, Query};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// The query parameters.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct PeriodsQuery {
    done: String,
}

/// Shows the form.
pub(super) async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<PeriodsQuery>,
) -> Result<Response, PageError> {
    office.page.done = (query.done == "saved").then_some("Saved.");
    let school = office.page.me.school.id;
    let shown = periods::load(&backend, &office.who.actor, school).await?;
    Ok(html(StatusCode::OK, settings_page(office.page, &SCHOOL_YEAR_PAGE, shown, FieldErrors::default())))
}

/// Saves what was typed.
pub(super) async fn save(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(mut typed): Form<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let errors = match periods::save(&backend, actor, school, &typed).await {
        Ok(()) => return Ok(Redirect::to(&format!("{}?done=saved", SCHOOL_YEAR_PAGE.path)).into_response()),
        Err(Error::Invalid(errors)) => errors,
        Err(error) => return Err(error.into()),
    };
    let mut shown = periods::load(&backend, actor, school).await?;
    for field in &mut shown.fields {
        field.value = typed.remove(field.slug).unwrap_or_default();
    }
    Ok(html(StatusCode::OK, settings_page(office.page, &SCHOOL_YEAR_PAGE, shown, errors)))
}
