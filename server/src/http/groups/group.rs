//! `GET /groups/{group}`, its tutors and its list as a file.

pub(super) use app::features::groups::pages::group::GroupNotice;
use app::features::groups::pages::group::{GroupChoices, group_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::Backend;
use backend::accounts::group_list;
use backend::groups::create::offer;
use backend::groups::group::group as read_group;
use backend::groups::list::choices;
use backend::groups::tutors;
use domain::accounts::export::ExportFormat;
use domain::authorization::permission::Permission;
use domain::ids::{GroupId, PersonId};
use serde::Deserialize;

use super::done;
use crate::http::accounts::export::download;
use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// What the address says: what was just done, to how many, and the operation to undo.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct GroupQuery {
    done: String,
    did: String,
    many: String,
    operation: String,
}

/// The page.
pub(super) async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Path(group): Path<GroupId>,
    Query(query): Query<GroupQuery>,
) -> Result<Response, PageError> {
    office.page.done = done(&query.done);
    let notice = GroupNotice {
        did: query.did,
        many: query.many.parse().ok(),
        undo: query.operation.parse().ok(),
        problem: None,
    };
    page(office, &backend, group, notice).await
}

/// The page, with what was done or why nothing was.
pub(super) async fn page(
    office: OfficeRequest,
    backend: &Backend,
    group: GroupId,
    notice: GroupNotice,
) -> Result<Response, PageError> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let found = read_group(backend, actor, group).await?;
    let choices = if found.manages {
        GroupChoices {
            groups: choices(backend, actor, (school, Permission::ManageGroups)).await?,
            staff: offer(backend, actor, school).await?.staff,
        }
    } else {
        GroupChoices::default()
    };
    Ok(html(StatusCode::OK, group_page(office.page, found, choices, notice)))
}

/// The form of a tutor.
#[derive(Deserialize)]
pub(super) struct TutorForm {
    #[serde(default)]
    tutor: String,
}

/// Makes somebody a tutor.
pub(super) async fn appoint(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(group): Path<GroupId>,
    Form(form): Form<TutorForm>,
) -> Result<Response, PageError> {
    let Ok(person) = form.tutor.parse::<PersonId>() else {
        let problem = Some("Choose a member of staff.".to_owned());
        return page(office, &backend, group, GroupNotice { problem, ..GroupNotice::default() }).await;
    };
    let added = tutors::add(&backend, &office.who.actor, group, person).await;
    answer(office, &backend, group, added, "tutor").await
}

/// Ends that somebody is a tutor.
pub(super) async fn dismiss(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(group): Path<GroupId>,
    Form(form): Form<TutorForm>,
) -> Result<Response, PageError> {
    let person = form.tutor.parse::<PersonId>().map_err(|_| backend::Error::NotFound("tutor"))?;
    let removed = tutors::remove(&backend, &office.who.actor, group, person).await;
    answer(office, &backend, group, removed, "no-tutor").await
}

async fn answer(
    office: OfficeRequest,
    backend: &Backend,
    group: GroupId,
    end: Result<(), backend::Error>,
    word: &str,
) -> Result<Response, PageError> {
    match end.map_err(told) {
        Ok(()) => Ok(Redirect::to(&format!("/groups/{group}?done={word}")).into_response()),
        Err(Ok((_, problem))) => {
            page(office, backend, group, GroupNotice { problem, ..GroupNotice::default() }).await
        }
        Err(Err(error)) => Err(error.into()),
    }
}

/// The buttons' form.
#[derive(Deserialize)]
pub(super) struct ExportForm {
    format: ExportFormat,
}

/// The list as a file.
pub(super) async fn export(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(group): Path<GroupId>,
    Form(form): Form<ExportForm>,
) -> Result<Response, PageError> {
    let file = group_list::export(&backend, &office.who.actor, group, form.format).await;
    Ok(download(file.map_err(|error| PageError::from(error).back_to("/groups", "Teaching groups"))?))
}
