//! Explains why someone can or cannot do something.

use app::features::authorization::pages::roles::{Question, why_page};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use backend::authorization::roles::people::{find, person};
use backend::authorization::roles::why::{Answer, why};
use backend::tenancy::places::reached;
use backend::{Backend, Error};
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::roll::school::SchoolView;
use serde::Deserialize;

use crate::http::desk::AtDesk;
use crate::http::family::html;
use crate::http::problem::PageError;

/// The query parameters.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    person: String,
    action: String,
    school: String,
}

/// Shows the question, and the answer once it is complete.
pub(super) async fn show(
    desk: AtDesk,
    State(backend): State<Backend>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let (question, schools, answer) = load(&backend, &desk.who.actor, asked).await?;
    Ok(html(StatusCode::OK, why_page(desk.page, question, schools, answer)))
}

async fn load(
    backend: &Backend,
    actor: &Actor,
    asked: Asked,
) -> Result<(Question, Vec<SchoolView>, Option<Answer>), Error> {
    let schools = reached(backend, actor, Permission::ManageRoles).await?;
    if asked.person.is_empty() {
        let found = find(backend, actor, &asked.q).await?;
        return Ok((Question { words: asked.q, found, ..Question::default() }, schools, None));
    }
    let id = asked.person.parse().map_err(|_| Error::NotFound("person"))?;
    let name = person(backend, actor, id).await?.found.name;
    let place = match asked.school.as_str() {
        "all" => Some(None),
        school => school.parse().ok().map(Some),
    };
    let answer = match (Permission::from_slug(&asked.action), place) {
        (Some(permission), Some(place)) => Some(why(backend, actor, id, permission, place).await?),
        _ => None,
    };
    let question = Question {
        person: Some((id, name)),
        action: asked.action,
        school: asked.school,
        ..Question::default()
    };
    Ok((question, schools, answer))
}
