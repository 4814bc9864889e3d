//! Explains why someone can or cannot do something.

use app::features::authorization::pages::roles::{PermissionQuestion, why_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use backend::authorization::roles::people::{find, person};
use backend::authorization::roles::why::{PermissionAnswer, why};
use backend::tenancy::places::reached;
use backend::{Backend, Error};
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::roll::school::SchoolView;
use serde::Deserialize;

use crate::http::extract::Query;
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// The query parameters.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct PermissionCheckQuery {
    q: String,
    person: String,
    action: String,
    school: String,
}

/// Shows the question, and the answer once it is complete.
pub(super) async fn show(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<PermissionCheckQuery>,
) -> Result<Response, PageError> {
    let (question, schools, answer) = load(&backend, &office.who.actor, query).await?;
    Ok(html(StatusCode::OK, why_page(office.page, question, schools, answer)))
}

async fn load(
    backend: &Backend,
    actor: &Actor,
    query: PermissionCheckQuery,
) -> Result<(PermissionQuestion, Vec<SchoolView>, Option<PermissionAnswer>), Error> {
    let schools = reached(backend, actor, Permission::ManageRoles).await?;
    if query.person.is_empty() {
        let found = find(backend, actor, &query.q).await?;
        return Ok((
            PermissionQuestion { words: query.q, found, ..PermissionQuestion::default() },
            schools,
            None,
        ));
    }
    let id = query.person.parse().map_err(|_| Error::NotFound("person"))?;
    let name = person(backend, actor, id).await?.found.name;
    let place = match query.school.as_str() {
        "all" => Some(None),
        school => school.parse().ok().map(Some),
    };
    let answer = match (Permission::from_slug(&query.action), place) {
        (Some(permission), Some(place)) => Some(why(backend, actor, id, permission, place).await?),
        _ => None,
    };
    let question = PermissionQuestion {
        person: Some((id, name)),
        action: query.action,
        school: query.school,
        ..PermissionQuestion::default()
    };
    Ok((question, schools, answer))
}
