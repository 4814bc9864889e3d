//! Carrying out a simulation, and undoing that.

use app::features::guardians::pages::autocreate::{drifted_page, path_of};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::guardians::autocreate::create::{AutocreateGuardians, CreateOutcome, create as carry_out};
use backend::guardians::autocreate::end_access::end_access;
use backend::guardians::autocreate::view;
use backend::operations::undo as undo_operation;
use backend::{Backend, Error};
use domain::ids::AutocreateId;
use domain::operations::plan::PlanHash;
use serde::Deserialize;

use super::{show, simulate};
use crate::http::extract::{Form, Path};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// The form of the button Create.
#[derive(Deserialize)]
pub(super) struct CreateForm {
    /// The hash of what was seen.
    plan: String,
    /// There while Simulation is ticked.
    #[serde(default)]
    simulation: String,
}

/// `POST /guardians/autocreate/{run}/create`: exactly what was seen. While Simulation is ticked, only simulates again.
pub(super) async fn create(
    office: OfficeRequest,
    state: State<Backend>,
    path: Path<AutocreateId>,
    Form(form): Form<CreateForm>,
) -> Result<Response, PageError> {
    if !form.simulation.is_empty() {
        return simulate::again(office, state, path).await;
    }
    let (State(backend), Path(run)) = (state, path);
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let seen: PlanHash = form.plan.parse().map_err(|_| Error::NotFound("simulation"))?;
    let page = path_of(run);
    match carry_out(&backend, actor, school, run, seen).await {
        Ok(CreateOutcome::Created) => Ok(Redirect::to(&format!("{page}?done=created")).into_response()),
        Ok(CreateOutcome::Waits) => Ok(Redirect::to("/approvals?done=asked").into_response()),
        Ok(CreateOutcome::Queued(operation)) => {
            Ok(Redirect::to(&format!("/operations/{operation}")).into_response())
        }
        Ok(CreateOutcome::Drifted { changed, rest }) => {
            let run = view::run(&backend, actor, school, run).await?;
            Ok(html(StatusCode::CONFLICT, drifted_page(office.page, run, changed, rest)))
        }
        Ok(CreateOutcome::Nothing) => {
            let nothing = "There is nothing left to create.".to_owned();
            show::with_problem(office, &backend, run, nothing, false).await
        }
        Err(Error::Conflict { message, .. }) => {
            show::with_problem(office, &backend, run, message, false).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /guardians/autocreate/{run}/undo`. If somebody uses their account, the page offers to end the access instead.
pub(super) async fn undo(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(run): Path<AutocreateId>,
) -> Result<Response, PageError> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let operation = view::run(&backend, actor, school, run).await?.operation;
    let operation = operation.ok_or(Error::NotFound("operation"))?;
    match undo_operation::<AutocreateGuardians>(&backend, actor, school, operation).await {
        Ok(_) => Ok(Redirect::to(&format!("{}?done=undone", path_of(run))).into_response()),
        Err(Error::Conflict { code, message }) => {
            show::with_problem(office, &backend, run, message, code == "autocreate_in_use").await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /guardians/autocreate/{run}/end-access`.
pub(super) async fn end(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(run): Path<AutocreateId>,
) -> Result<Response, PageError> {
    match end_access(&backend, &office.who.actor, office.page.me.school.id, run).await {
        Ok(_) => Ok(Redirect::to(&format!("{}?done=ended", path_of(run))).into_response()),
        Err(Error::Conflict { message, .. }) => {
            show::with_problem(office, &backend, run, message, false).await
        }
        Err(error) => Err(error.into()),
    }
}
