//! Academic years.

use app::features::groups::pages::years::years_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::groups::years::{YearForm, save, years};
use backend::{Backend, Error};
use domain::fields::FieldErrors;
use domain::ids::AcademicYearId;
use serde::Deserialize;

use super::done;
use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// What the address says.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct YearsQuery {
    done: String,
}

/// The form.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct TypedYear {
    name: String,
    starts_on: String,
    ends_on: String,
}

/// Lists the years, with a form for another.
pub(super) async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<YearsQuery>,
) -> Result<Response, PageError> {
    office.page.done = done(&query.done);
    page(office, &backend, (None, YearForm::default()), FieldErrors::default()).await
}

/// The same with the form of a year.
pub(super) async fn edit(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(year): Path<AcademicYearId>,
) -> Result<Response, PageError> {
    let years = years(&backend, &office.who.actor, office.page.me.school.id).await?;
    let found = years.iter().find(|known| known.id == year).ok_or(Error::NotFound("academic year"))?;
    let typed = YearForm::of(found);
    page(office, &backend, (Some(year), typed), FieldErrors::default()).await
}

/// Creates a year.
pub(super) async fn create(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(typed): Form<TypedYear>,
) -> Result<Response, PageError> {
    keep(office, &backend, None, typed).await
}

/// Changes a year.
pub(super) async fn change(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(year): Path<AcademicYearId>,
    Form(typed): Form<TypedYear>,
) -> Result<Response, PageError> {
    keep(office, &backend, Some(year), typed).await
}

async fn keep(
    office: OfficeRequest,
    backend: &Backend,
    id: Option<AcademicYearId>,
    typed: TypedYear,
) -> Result<Response, PageError> {
    let TypedYear { name, starts_on, ends_on } = typed;
    let form = YearForm { name, starts_on, ends_on };
    match save(backend, &office.who.actor, office.page.me.school.id, (id, &form)).await {
        Ok(_) => Ok(Redirect::to("/groups/years?done=saved").into_response()),
        Err(Error::Invalid(errors)) => page(office, backend, (id, form), errors).await,
        Err(error) => Err(error.into()),
    }
}

async fn page(
    office: OfficeRequest,
    backend: &Backend,
    form: (Option<AcademicYearId>, YearForm),
    errors: FieldErrors,
) -> Result<Response, PageError> {
    let years = years(backend, &office.who.actor, office.page.me.school.id).await?;
    Ok(html(StatusCode::OK, years_page(office.page, years, form, errors)))
}
