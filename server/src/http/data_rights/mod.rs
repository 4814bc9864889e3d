//! What is held on people: finding a person, how much it is, a copy of it, its erasure, and how long it is kept.

use app::features::data_rights::pages::erased::erased_page;
use app::features::data_rights::pages::find::find_page;
use app::features::data_rights::pages::kept::kept_page;
use app::features::data_rights::pages::person::person_page;
use app::features::data_rights::pages::read::read_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use backend::data_rights::erase::{ErasureOutcome, erase};
use backend::data_rights::erased::erased;
use backend::data_rights::export::{export, summary};
use backend::data_rights::schedule::schedule;
use backend::data_rights::subject::with_key;
use backend::{Backend, Error};
use domain::authorization::policy::Permission;
use domain::fields::{FieldError, FieldErrors};
use domain::ids::PersonId;
use domain::lists::page::Cursor;
use serde::Deserialize;

use super::routes::{Access, Routes};
use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// Its pages.
pub(super) fn routes() -> Routes {
    const MANAGES: Permission = Permission::ManageDataRights;
    Routes::new()
        .holding(MANAGES, "/data-rights", get(find))
        .holding(MANAGES, "/data-rights/kept", get(kept))
        .holding(MANAGES, "/data-rights/erased", get(list))
        .holding(MANAGES, "/people/{person}/data", get(show))
        .step_up(Access::Holds(MANAGES), "/people/{person}/data/export", post(copy))
        .step_up(Access::Holds(MANAGES), "/people/{person}/data/erase", post(ask))
}

/// The number or username that was typed.
#[derive(Deserialize)]
struct KeyQuery {
    #[serde(default)]
    key: String,
}

/// `GET /data-rights`: finds a person by what was typed.
async fn find(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Query(KeyQuery { key }): Query<KeyQuery>,
) -> Result<Response, PageError> {
    if key.trim().is_empty() {
        return Ok(html(StatusCode::OK, find_page(office.page, key, FieldErrors::default())));
    }
    let why = match with_key(&backend, &office.who.actor, office.page.me.school.id, &key).await {
        Ok(person) => return Ok(Redirect::to(&format!("/people/{person}/data")).into_response()),
        Err(Error::NotFound(_)) => {
            "Nobody at this school has this number or username. Check it, or look on their record.".to_owned()
        }
        Err(Error::Conflict { message, .. }) => message,
        Err(other) => return Err(other.into()),
    };
    let errors = FieldErrors(vec![FieldError { field: "key".to_owned(), message: why }]);
    Ok(html(StatusCode::UNPROCESSABLE_ENTITY, find_page(office.page, key, errors)))
}

/// `GET /data-rights/kept`: how long each kind of data is kept.
async fn kept(office: OfficeRequest, State(backend): State<Backend>) -> Result<Response, PageError> {
    let lines = schedule(&backend, &office.who.actor, office.page.me.school.id).await?;
    Ok(html(StatusCode::OK, kept_page(office.page, lines)))
}

/// Where the page of a list starts.
#[derive(Deserialize)]
struct ErasedQuery {
    #[serde(default)]
    after: String,
}

/// `GET /data-rights/erased`: the log of what was erased.
async fn list(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Query(ErasedQuery { after }): Query<ErasedQuery>,
) -> Result<Response, PageError> {
    let after = (!after.is_empty()).then(|| Cursor::from(after));
    let found = erased(&backend, &office.who.actor, office.page.me.school.id, after.as_ref()).await?;
    Ok(html(StatusCode::OK, erased_page(office.page, found)))
}

/// `GET /people/{person}/data`: how much is held on a person.
async fn show(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(person): Path<String>,
) -> Result<Response, PageError> {
    shown(office, &backend, known(&person)?, None).await
}

async fn shown(
    office: OfficeRequest,
    backend: &Backend,
    person: PersonId,
    problem: Option<String>,
) -> Result<Response, PageError> {
    let found = summary(backend, &office.who.actor, office.page.me.school.id, person).await?;
    Ok(html(StatusCode::OK, person_page(office.page, found, problem)))
}

/// How the copy is wanted.
#[derive(Deserialize)]
struct CopyForm {
    #[serde(default)]
    format: String,
}

/// `POST /people/{person}/data/export`: a copy, as a page or as a file.
async fn copy(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(person): Path<String>,
    Form(CopyForm { format }): Form<CopyForm>,
) -> Result<Response, PageError> {
    let person = known(&person)?;
    let found = export(&backend, &office.who.actor, office.page.me.school.id, person).await?;
    if format != "json" {
        return Ok(html(StatusCode::OK, read_page(office.page, found)));
    }
    let name = format!("attachment; filename=\"{}\"", found.file_name());
    let file = serde_json::to_vec_pretty(&found.json()).map_err(Error::unexpected)?;
    let kind = "application/json".to_owned();
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)], file).into_response())
}

/// `POST /people/{person}/data/erase`: asks a second person to erase somebody.
async fn ask(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(person): Path<String>,
) -> Result<Response, PageError> {
    let person = known(&person)?;
    let school = office.page.me.school.id;
    match erase(&backend, &office.who.actor, school, person).await.map_err(told) {
        Ok(ErasureOutcome::Waits) => Ok(Redirect::to("/approvals?done=asked").into_response()),
        Ok(ErasureOutcome::Erased(_)) => Ok(Redirect::to("/data-rights/erased").into_response()),
        Err(Ok((_, problem))) => shown(office, &backend, person, problem).await,
        Err(Err(error)) => Err(error.into()),
    }
}

fn known(person: &str) -> Result<PersonId, Error> {
    person.parse().map_err(|_| Error::NotFound("person"))
}
