//! The settings of the organisation.

use app::features::settings::pages::organisation_settings_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::roll::organisation::details::{OrganisationForm, change, details};
use backend::{Backend, Error};
use domain::fields::FieldErrors;
use domain::roll::settings::ORGANISATION_PAGE;

use super::{SettingsQuery, done};
use crate::http::extract::{Form, Query};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// Shows the form.
pub(super) async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<SettingsQuery>,
) -> Result<Response, PageError> {
    office.page.done = done(&query.done);
    let shown = details(&backend, &office.who.actor).await?;
    Ok(html(StatusCode::OK, organisation_settings_page(office.page, shown, FieldErrors::default())))
}

/// Saves what was typed.
pub(super) async fn save(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<OrganisationForm>,
) -> Result<Response, PageError> {
    let errors = match change(&backend, &office.who.actor, &form).await {
        Ok(()) => {
            return Ok(Redirect::to(&format!("{}?done=saved", ORGANISATION_PAGE.path)).into_response());
        }
        Err(Error::Invalid(errors)) => errors,
        Err(error) => return Err(error.into()),
    };
    let mut shown = details(&backend, &office.who.actor).await?;
    shown.form = form;
    Ok(html(StatusCode::OK, organisation_settings_page(office.page, shown, errors)))
}
