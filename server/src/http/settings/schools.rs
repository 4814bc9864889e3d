//! Schools: the list, and the form for one.

use app::features::settings::pages::{school_page, schools_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::roll::schools::add::add_school;
use backend::roll::schools::change::{change_school, school};
use backend::roll::schools::form::SchoolForm;
use backend::roll::schools::list::schools;
use backend::{Backend, Error};
use domain::fields::FieldErrors;
use domain::roll::school::SchoolCode;
use domain::roll::settings::SCHOOLS_PAGE;

use super::{SettingsQuery, done};
use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// Shows the list.
pub(super) async fn list(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<SettingsQuery>,
) -> Result<Response, PageError> {
    office.page.done = done(&query.done);
    let shown = schools(&backend, &office.who.actor).await?;
    Ok(html(StatusCode::OK, schools_page(office.page, shown)))
}

/// Shows the form for a new school.
pub(super) async fn new(office: OfficeRequest) -> Response {
    form(office, true, SchoolForm::default(), FieldErrors::default())
}

/// Adds a school.
pub(super) async fn add(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(typed): Form<SchoolForm>,
) -> Result<Response, PageError> {
    Ok(match add_school(&backend, &office.who.actor, &typed).await {
        Ok(_) => to_the_list("added"),
        Err(Error::Invalid(errors)) => form(office, true, typed, errors),
        Err(error) => return Err(error.into()),
    })
}

/// Shows the form with a school's values.
pub(super) async fn show(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(code): Path<String>,
) -> Result<Response, PageError> {
    let (_, values) = school(&backend, &office.who.actor, &known(&code)?).await?;
    Ok(form(office, false, values, FieldErrors::default()))
}

/// Changes a school.
pub(super) async fn save(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(code): Path<String>,
    Form(typed): Form<SchoolForm>,
) -> Result<Response, PageError> {
    let (id, before) = school(&backend, &office.who.actor, &known(&code)?).await?;
    let typed = SchoolForm { code: before.code, ..typed };
    Ok(match change_school(&backend, &office.who.actor, id, &typed).await {
        Ok(()) => to_the_list("saved"),
        Err(Error::Invalid(errors)) => form(office, false, typed, errors),
        Err(error) => return Err(error.into()),
    })
}

fn to_the_list(done: &str) -> Response {
    Redirect::to(&format!("{}?done={done}", SCHOOLS_PAGE.path)).into_response()
}

fn form(office: OfficeRequest, new: bool, values: SchoolForm, errors: FieldErrors) -> Response {
    html(StatusCode::OK, school_page(office.page, new, values, errors))
}

/// Parses a code in an address; an invalid one is not found.
fn known(code: &str) -> Result<SchoolCode, Error> {
    code.parse().map_err(|_| Error::NotFound("school"))
}
