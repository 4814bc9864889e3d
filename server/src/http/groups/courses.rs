//! Courses, and what each adds.

use app::features::groups::pages::courses::{CourseFormPage, course_page, courses_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::groups::courses::{self as use_cases, CourseForm};
use backend::{Backend, Error};
use domain::fields::FieldErrors;
use domain::ids::CourseId;
use serde::Deserialize;

use super::done;
use crate::http::extract::{Fields, Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// What the address says.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct CoursesQuery {
    done: String,
}

/// Lists every course.
pub(super) async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<CoursesQuery>,
) -> Result<Response, PageError> {
    office.page.done = done(&query.done);
    let courses = use_cases::courses(&backend, &office.who.actor, office.page.me.school.id).await?;
    Ok(html(StatusCode::OK, courses_page(office.page, courses)))
}

/// Shows an empty form.
pub(super) async fn new(
    office: OfficeRequest,
    State(backend): State<Backend>,
) -> Result<Response, PageError> {
    let shown = CourseFormPage { id: None, typed: CourseForm::default(), errors: FieldErrors::default() };
    form(office, &backend, shown).await
}

/// Shows a course's form.
pub(super) async fn edit(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(course): Path<CourseId>,
) -> Result<Response, PageError> {
    let courses = use_cases::courses(&backend, &office.who.actor, office.page.me.school.id).await?;
    let found = courses.into_iter().find(|known| known.id == course).ok_or(Error::NotFound("course"))?;
    let typed = CourseForm { code: found.code, name: found.name, adds: found.adds };
    form(office, &backend, CourseFormPage { id: Some(course), typed, errors: FieldErrors::default() }).await
}

/// Creates a course.
pub(super) async fn create(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    save(office, &backend, None, &Fields(fields)).await
}

/// Changes a course.
pub(super) async fn change(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(course): Path<CourseId>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    save(office, &backend, Some(course), &Fields(fields)).await
}

async fn save(
    office: OfficeRequest,
    backend: &Backend,
    id: Option<CourseId>,
    fields: &Fields,
) -> Result<Response, PageError> {
    let typed = CourseForm {
        code: fields.one("code").to_owned(),
        name: fields.one("name").to_owned(),
        adds: fields.all("adds"),
    };
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    match use_cases::save(backend, actor, school, (id, &typed)).await {
        Ok(_) => Ok(Redirect::to("/courses?done=saved").into_response()),
        Err(Error::Invalid(errors)) => form(office, backend, CourseFormPage { id, typed, errors }).await,
        Err(error) => Err(error.into()),
    }
}

async fn form(
    office: OfficeRequest,
    backend: &Backend,
    shown: CourseFormPage,
) -> Result<Response, PageError> {
    let courses = use_cases::courses(backend, &office.who.actor, office.page.me.school.id).await?;
    Ok(html(StatusCode::OK, course_page(office.page, shown, courses)))
}

/// The button's form.
#[derive(Deserialize)]
pub(super) struct OfferForm {
    /// `end` or `offer`.
    action: String,
}

/// Ends a course, or offers it again.
pub(super) async fn offer(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(course): Path<CourseId>,
    Form(form): Form<OfferForm>,
) -> Result<Response, PageError> {
    let offered = form.action == "offer";
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    match use_cases::offer(&backend, actor, school, (course, offered)).await.map_err(told) {
        Ok(()) => {
            let word = if offered { "offered" } else { "ended" };
            Ok(Redirect::to(&format!("/courses?done={word}")).into_response())
        }
        Err(Ok((errors, _))) => {
            let courses = use_cases::courses(&backend, actor, school).await?;
            let found =
                courses.into_iter().find(|known| known.id == course).ok_or(Error::NotFound("course"))?;
            let typed = CourseForm { code: found.code, name: found.name, adds: found.adds };
            self::form(office, &backend, CourseFormPage { id: Some(course), typed, errors }).await
        }
        Err(Err(error)) => Err(error.into()),
    }
}
