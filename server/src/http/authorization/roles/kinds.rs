//! Roles and their permissions.

use app::features::authorization::pages::roles::{KindForm, kind_page, kinds_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::authorization::roles::kinds;
use backend::authorization::roles::kinds::RoleKey;
use backend::{Backend, Error};
use domain::authorization::permission::{Permission, PermissionSet};
use domain::authorization::policy::{Resource, decide};
use domain::fields::FieldErrors;
use domain::ids::CustomRoleId;
use serde::Deserialize;

use super::done;
use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// The query parameters.
#[derive(Deserialize)]
pub(super) struct RoleKindsQuery {
    #[serde(default)]
    done: String,
}

/// Lists every role.
pub(super) async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<RoleKindsQuery>,
) -> Result<Response, PageError> {
    office.page.done = done(&query.done);
    let kinds = kinds::kinds(&backend, &office.who.actor).await?;
    let makes = offered(&office).contains(Permission::ManageRoles);
    Ok(html(StatusCode::OK, kinds_page(office.page, kinds, makes)))
}

/// Shows an empty form.
pub(super) async fn new(office: OfficeRequest) -> Response {
    form(office, KindForm::default(), FieldErrors::default(), None)
}

/// Creates a role.
pub(super) async fn create(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    save(office, &backend, KindForm::from_pairs(None, &pairs)).await
}

/// Shows the form with a role's permissions.
pub(super) async fn edit(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(kind): Path<String>,
) -> Result<Response, PageError> {
    let found = match (known(&kind), kinds::kinds(&backend, &office.who.actor).await) {
        (Ok(id), Ok(kinds)) => {
            let kind = kinds.into_iter().find(|kind| kind.key == RoleKey::Custom(id));
            kind.map(|kind| KindForm { id: Some(id), name: kind.name, permissions: kind.permissions })
                .ok_or(Error::NotFound("role"))
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    let kind = found?;
    Ok(form(office, kind, FieldErrors::default(), None))
}

/// Changes a role.
pub(super) async fn change(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(kind): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let id = known(&kind)?;
    save(office, &backend, KindForm::from_pairs(Some(id), &pairs)).await
}

/// Removes a role that nobody has.
pub(super) async fn remove(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(kind): Path<String>,
) -> Result<Response, PageError> {
    let removed = match known(&kind) {
        Ok(id) => kinds::remove(&backend, &office.who.actor, id).await,
        Err(error) => Err(error),
    };
    removed?;
    Ok(Redirect::to("/roles/kinds?done=removed").into_response())
}

async fn save(office: OfficeRequest, backend: &Backend, typed: KindForm) -> Result<Response, PageError> {
    let saved = kinds::save(backend, &office.who.actor, typed.id, &typed.name, typed.permissions).await;
    Ok(match saved.map_err(told) {
        Ok(_) => Redirect::to("/roles/kinds?done=saved").into_response(),
        Err(Ok((errors, problem))) => form(office, typed, errors, problem),
        Err(Err(error)) => return Err(error.into()),
    })
}

fn form(office: OfficeRequest, typed: KindForm, errors: FieldErrors, problem: Option<String>) -> Response {
    let offered = offered(&office);
    html(StatusCode::OK, kind_page(office.page, typed, offered, errors, problem))
}

/// The permissions that the actor has at all schools, and so may put into a role.
fn offered(office: &OfficeRequest) -> PermissionSet {
    let actor = &office.who.actor;
    let everywhere = Resource::Organisation(actor.organisation);
    Permission::ALL.into_iter().filter(|permission| decide(actor, *permission, everywhere).is_ok()).collect()
}

/// Parses the id of a role; an invalid one is not found.
fn known(kind: &str) -> Result<CustomRoleId, Error> {
    kind.parse().map_err(|_| Error::NotFound("role"))
}
