//! Changing the groups of the students of a selection: from the list of students, or of accounts.

use app::error::AppError;
use app::features::groups::pages::pick::{PickPage, pick_page, picked_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use backend::groups::change::{ChangeMembers, change, day_of, simulate};
use backend::groups::list::choices;
use backend::operations::ExpectedPlan;
use backend::tenancy::target::InSchool;
use backend::{Backend, Error};
use domain::authorization::permission::Permission;
use domain::groups::members::MemberChange;
use domain::ids::{GroupId, SchoolId};
use domain::operations::plan::PlanHash;
use serde::Deserialize;

use super::members::ended;
use crate::http::accounts::read_selection;
use crate::http::extract::Form;
use crate::http::family::html;
use crate::http::office_request::{OfficeRequest, told};
use crate::http::problem::PageError;

/// The form of the list, and of the pages.
#[derive(Deserialize)]
pub(super) struct PickForm {
    school: SchoolId,
    /// A [`domain::roll::selection::Selection`] as JSON.
    selection: String,
    /// The group they leave; empty if they stay in their groups.
    #[serde(default)]
    from: String,
    /// The group they join; empty if they join none.
    #[serde(default)]
    group: String,
    #[serde(default)]
    on: String,
    /// The hash of the plan that was shown.
    #[serde(default)]
    seen: String,
}

impl PickForm {
    fn change(&self) -> Result<MemberChange, Error> {
        match (self.from.parse::<GroupId>(), self.group.parse::<GroupId>()) {
            (Ok(from), Ok(to)) => Ok(MemberChange::Move { from, to }),
            (Err(_), Ok(to)) => Ok(MemberChange::Join { to }),
            (Ok(from), Err(_)) => Ok(MemberChange::Leave { from }),
            (Err(_), Err(_)) => Err(Error::conflict("no_group", "Choose a teaching group.")),
        }
    }

    async fn input(&self, office: &OfficeRequest, backend: &Backend) -> Result<ChangeMembers, Error> {
        let selection = read_selection(&self.selection)
            .map_err(|error| Error::conflict("outdated_page", error.message))?;
        let at = backend.enter(&office.who.actor, Permission::ManageGroups, InSchool(self.school)).await?.at;
        Ok(ChangeMembers { selection, change: self.change()?, on: day_of(&self.on, at.today)? })
    }
}

/// Asks which groups.
pub(super) async fn ask(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<PickForm>,
) -> Result<Response, PageError> {
    read_selection(&form.selection).map_err(back)?;
    asked(office, &backend, form, None).await
}

async fn asked(
    office: OfficeRequest,
    backend: &Backend,
    form: PickForm,
    problem: Option<String>,
) -> Result<Response, PageError> {
    let groups = choices(backend, &office.who.actor, (form.school, Permission::ManageGroups)).await?;
    Ok(html(StatusCode::OK, pick_page(office.page, form.shown(), groups, problem)))
}

/// Shows who changes groups, and who stays where they are.
pub(super) async fn show(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<PickForm>,
) -> Result<Response, PageError> {
    shown(office, &backend, form, None).await
}

async fn shown(
    office: OfficeRequest,
    backend: &Backend,
    form: PickForm,
    problem: Option<String>,
) -> Result<Response, PageError> {
    let actor = &office.who.actor;
    let found = match form.input(&office, backend).await {
        Ok(input) => simulate(backend, actor, form.school, &input).await.map(|found| (input, found)),
        Err(error) => Err(error),
    };
    match found.map_err(told) {
        Ok((input, found)) => {
            let groups = choices(backend, actor, (form.school, Permission::ManageGroups)).await?;
            Ok(html(StatusCode::OK, picked_page(office.page, form.shown(), (input, groups), found, problem)))
        }
        Err(Ok((errors, problem))) => {
            let problem = problem.or_else(|| errors.0.into_iter().next().map(|error| error.message));
            asked(office, backend, form, problem).await
        }
        Err(Err(error)) => Err(error.into()),
    }
}

/// Makes exactly the change that was shown.
pub(super) async fn make(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<PickForm>,
) -> Result<Response, PageError> {
    let end = match (form.input(&office, &backend).await, form.seen.parse::<PlanHash>()) {
        (Ok(input), Ok(seen)) => {
            let wanted = input.change;
            let expected = ExpectedPlan::Plan(seen);
            let end = change(&backend, &office.who.actor, form.school, (input, expected)).await;
            end.map(|end| (wanted, end))
        }
        (Ok(_), Err(_)) => Err(Error::NotFound("plan")),
        (Err(error), _) => Err(error),
    };
    let problem = match end.map_err(told) {
        Ok((wanted, end)) => match ended(wanted.shown(), wanted, end) {
            Ok(answer) => return Ok(answer),
            Err(problem) => Some(problem),
        },
        Err(Ok((_, problem))) => problem,
        Err(Err(error)) => return Err(error.into()),
    };
    shown(office, &backend, form, problem).await
}

impl PickForm {
    /// As the pages show it.
    fn shown(&self) -> PickPage {
        PickPage {
            school: self.school,
            selection: self.selection.clone(),
            from: self.from.clone(),
            to: self.group.clone(),
            on: self.on.clone(),
        }
    }
}

fn back(error: AppError) -> PageError {
    PageError::from(error).back_to("/students", "Students")
}
