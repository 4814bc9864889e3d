//! One person's roles.

use app::features::authorization::pages::roles::person_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::authorization::roles::give::{RoleForm, give as give_role};
use backend::authorization::roles::people::person;
use backend::authorization::roles::take::take as take_role;
use backend::factors::remove::remove_of_person;
use backend::{Backend, Error};
use domain::fields::FieldErrors;
use domain::ids::{GivenRoleId, PersonId};
use serde::Deserialize;

use super::done;
use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// The query parameters.
#[derive(Deserialize)]
pub(super) struct PersonRolesQuery {
    #[serde(default)]
    done: String,
}

/// The submitted form.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct AssignRoleForm {
    role: String,
    place: String,
    from: String,
    until: String,
}

/// The assignment to remove.
#[derive(Deserialize)]
pub(super) struct RemoveRoleForm {
    #[serde(default)]
    id: String,
}

/// Shows their roles, and the form.
pub(super) async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Query(query): Query<PersonRolesQuery>,
) -> Result<Response, PageError> {
    office.page.done = done(&query.done);
    page(office, &backend, &id, RoleForm::default(), FieldErrors::default(), None).await
}

/// Gives the chosen role.
pub(super) async fn give(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
    Form(submitted): Form<AssignRoleForm>,
) -> Result<Response, PageError> {
    let form = RoleForm {
        role: submitted.role,
        place: submitted.place,
        from: submitted.from,
        until: submitted.until,
    };
    let given = match known(&id) {
        Ok(person) => give_role(&backend, &office.who.actor, person, &form).await,
        Err(error) => Err(error),
    };
    Ok(match given.map_err(told) {
        Ok(_) => Redirect::to(&format!("/roles/people/{id}?done=given")).into_response(),
        Err(Ok((errors, problem))) => page(office, &backend, &id, form, errors, problem).await?,
        Err(Err(error)) => return Err(error.into()),
    })
}

/// Removes a role.
pub(super) async fn take(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<RemoveRoleForm>,
) -> Result<Response, PageError> {
    let taken = match form.id.parse::<GivenRoleId>() {
        Ok(id) => take_role(&backend, &office.who.actor, id).await,
        Err(_) => Err(Error::NotFound("role")),
    };
    Ok(match taken? {
        person if office.who.actor.person() == Some(person) => Redirect::to("/").into_response(),
        person => Redirect::to(&format!("/roles/people/{person}?done=taken")).into_response(),
    })
}

/// Removes lost second factors.
pub(super) async fn remove_factors(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let removed = match known(&id) {
        Ok(person) => remove_of_person(&backend, &office.who.actor, person).await,
        Err(error) => Err(error),
    };
    Ok(match removed.map_err(told) {
        Ok(()) => Redirect::to(&format!("/roles/people/{id}?done=factors")).into_response(),
        Err(Ok((errors, problem))) => {
            page(office, &backend, &id, RoleForm::default(), errors, problem).await?
        }
        Err(Err(error)) => return Err(error.into()),
    })
}

async fn page(
    office: OfficeRequest,
    backend: &Backend,
    id: &str,
    form: RoleForm,
    errors: FieldErrors,
    problem: Option<String>,
) -> Result<Response, PageError> {
    let shown = match known(id) {
        Ok(id) => person(backend, &office.who.actor, id).await,
        Err(error) => Err(error),
    };
    let shown = shown?;
    Ok(html(StatusCode::OK, person_page(office.page, shown, form, errors, problem)))
}

/// Parses the id of a person; an invalid one is not found.
fn known(id: &str) -> Result<PersonId, Error> {
    id.parse().map_err(|_| Error::NotFound("person"))
}
