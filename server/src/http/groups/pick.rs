//! Adding the students of a selection to a group: from the list of students, or of accounts.

use app::error::AppError;
use app::features::groups::pages::pick::pick_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use backend::groups::change::{ChangeMembers, change, day_of};
use backend::groups::list::choices;
use backend::tenancy::target::Group;
use backend::{Backend, Error};
use domain::authorization::permission::Permission;
use domain::groups::members::MemberChange;
use domain::ids::{GroupId, SchoolId};
use serde::Deserialize;

use super::members::ended;
use crate::http::accounts::read_selection;
use crate::http::extract::Form;
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// The form of the list.
#[derive(Deserialize)]
pub(super) struct PickForm {
    school: SchoolId,
    /// A [`domain::roll::selection::Selection`] as JSON.
    selection: String,
}

/// The form of the page.
#[derive(Deserialize)]
pub(super) struct PickedForm {
    school: SchoolId,
    selection: String,
    #[serde(default)]
    group: String,
    #[serde(default)]
    on: String,
}

/// Asks which group.
pub(super) async fn ask(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<PickForm>,
) -> Result<Response, PageError> {
    read_selection(&form.selection).map_err(back)?;
    let groups = choices(&backend, &office.who.actor, (form.school, Permission::ManageGroups)).await?;
    Ok(html(StatusCode::OK, pick_page(office.page, (form.school, form.selection), groups, None)))
}

/// Adds them.
pub(super) async fn add(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<PickedForm>,
) -> Result<Response, PageError> {
    let selection = read_selection(&form.selection).map_err(back)?;
    let actor = &office.who.actor;
    let end = match form.group.parse::<GroupId>() {
        Ok(to) => {
            let today = backend.enter(actor, Permission::ManageGroups, Group(to)).await?.at.school.today;
            match day_of(&form.on, today) {
                Ok(on) => {
                    let input = ChangeMembers { selection, change: MemberChange::Join { to }, on };
                    change(&backend, actor, form.school, input).await.map(|end| (to, end))
                }
                Err(error) => Err(error),
            }
        }
        Err(_) => Err(Error::conflict("no_group", "Choose a teaching group.")),
    };
    match end.map_err(told) {
        Ok((to, end)) => Ok(ended(to, MemberChange::Join { to }, end)),
        Err(Ok((errors, problem))) => {
            let problem = problem.or_else(|| errors.0.into_iter().next().map(|error| error.message));
            let groups = choices(&backend, actor, (form.school, Permission::ManageGroups)).await?;
            Ok(html(StatusCode::OK, pick_page(office.page, (form.school, form.selection), groups, problem)))
        }
        Err(Err(error)) => Err(error.into()),
    }
}

fn back(error: AppError) -> PageError {
    PageError::from(error).back_to("/students", "Students")
}
