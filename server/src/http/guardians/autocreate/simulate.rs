//! The rules, and simulating by them.

use app::features::guardians::pages::autocreate::{options_page, path_of};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::guardians::autocreate::student_groups::student_groups;
use backend::guardians::autocreate::{list, simulate as simulation, view};
use backend::{Backend, Error};
use domain::fields::FieldErrors;
use domain::guardians::autocreate::options::AutocreateOptions;
use domain::ids::{AutocreateId, ContactId, PersonId};
use domain::roll::selection::Selection;
use serde::Deserialize;

use super::form::{Pairs, read};
use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// What the rules begin with.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct RulesQuery {
    /// A run whose rules are changed.
    run: Option<AutocreateId>,
    /// A [`Selection`] of students as JSON.
    students: String,
}

/// `GET /guardians/autocreate`: the rules, and the latest runs.
pub(super) async fn ask(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<RulesQuery>,
) -> Result<Response, PageError> {
    let school = office.page.me.school.id;
    let options = match query.run {
        Some(run) => view::run(&backend, &office.who.actor, school, run).await?.options,
        None => AutocreateOptions::default(),
    };
    let students =
        serde_json::from_str::<Selection>(&query.students).unwrap_or_else(|_| options.students.clone());
    let options = options.with_students(students);
    page(office, &backend, options, FieldErrors::default(), StatusCode::OK).await
}

/// The rules for students who were chosen elsewhere. A page and not a link, because they may be many.
pub(in crate::http::guardians) async fn rules_for(
    office: OfficeRequest,
    backend: &Backend,
    students: Vec<PersonId>,
) -> Result<Response, PageError> {
    let students = Selection::People { ids: students };
    let options = AutocreateOptions { students, ..AutocreateOptions::default() };
    page(office, backend, options, FieldErrors::default(), StatusCode::OK).await
}

async fn page(
    office: OfficeRequest,
    backend: &Backend,
    options: AutocreateOptions,
    errors: FieldErrors,
    status: StatusCode,
) -> Result<Response, PageError> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let latest = list::latest(backend, actor, school).await?;
    let known = student_groups(backend, actor, school).await?;
    Ok(html(status, options_page(office.page, options, known, latest, errors)))
}

/// `POST /guardians/autocreate`: simulates, and shows the result. With Simulation unticked, the result can be created at once.
pub(super) async fn simulated(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(pairs): Form<Pairs>,
) -> Result<Response, PageError> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let known = student_groups(&backend, actor, school).await?;
    let (options, errors) = read(&pairs, &known);
    if !errors.is_empty() {
        return page(office, &backend, options, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let ready = !pairs.iter().any(|(name, _)| name == "simulation");
    match simulation::simulate(&backend, actor, school, options.clone()).await {
        Ok(run) => Ok(to(run, ready)),
        Err(Error::Invalid(errors)) => {
            page(office, &backend, options, errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(error.into()),
    }
}

fn to(run: AutocreateId, ready: bool) -> Response {
    let ready = if ready { "?ready=1" } else { "" };
    Redirect::to(&format!("{}{ready}", path_of(run))).into_response()
}

/// `POST /guardians/autocreate/{run}/again`: the same rules on the roll as it is now.
pub(super) async fn again(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(run): Path<AutocreateId>,
) -> Result<Response, PageError> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let options = view::run(&backend, actor, school, run).await?.options;
    Ok(to(simulation::simulate(&backend, actor, school, options).await?, false))
}

/// Makes a simulation again after something was decided that it asked about. Says what was done.
pub(in crate::http::guardians) async fn afresh(
    office: &OfficeRequest,
    backend: &Backend,
    run: AutocreateId,
    done: &str,
) -> Result<Response, Error> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let options = view::run(backend, actor, school, run).await?.options;
    let run = simulation::simulate(backend, actor, school, options).await?;
    Ok(Redirect::to(&format!("{}?done={done}", path_of(run))).into_response())
}

/// The form that includes a contact despite a restriction or mark.
#[derive(Deserialize)]
pub(super) struct IncludeForm {
    /// The ids of contacts, with spaces between them.
    contacts: String,
}

/// `POST /guardians/autocreate/{run}/include`: the same rules, with these contacts despite their marks.
pub(super) async fn include(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(run): Path<AutocreateId>,
    Form(form): Form<IncludeForm>,
) -> Result<Response, PageError> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let mut options = view::run(&backend, actor, school, run).await?.options;
    options.exceptions.extend(form.contacts.split_whitespace().filter_map(|id| id.parse::<ContactId>().ok()));
    Ok(to(simulation::simulate(&backend, actor, school, options).await?, false))
}
