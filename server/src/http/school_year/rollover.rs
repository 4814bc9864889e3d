//! The rollover of the current school.

use app::features::school_year::pages::overview::{Told, overview_page};
use app::features::school_year::pages::rollover::{RolloverForm, rollover_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::school_year::rollover::{
    RollOver, RolloverEnd, RolloverView, WRONG_EXCEPTIONS, commit, past, simulate, undo, years,
};
use backend::{Backend, Error};
use domain::ids::OperationId;
use domain::operations::progress::counted;
use domain::school_year::exceptions::Exceptions;
use serde::Deserialize;

use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// The query parameters.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct OverviewQuery {
    done: String,
    rows: u64,
    kept: u64,
}

/// Shows the years and the rollovers.
pub(super) async fn overview(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<OverviewQuery>,
) -> Result<Response, PageError> {
    office.page.done = match query.done.as_str() {
        "rolled-over" => Some("Rolled over."),
        "nothing" => Some("There was nothing to roll over."),
        "waits" => Some("Asked. Another person has to approve it under Approvals."),
        _ => None,
    };
    let undone = (query.done == "undone").then(|| undone(query.rows, query.kept));
    listed(office, &backend, Told { undone, problem: None }).await
}

/// What an undo did.
fn undone(rows: u64, kept: u64) -> String {
    let back = format!(
        "Undone: {} as before.",
        counted(u32::try_from(rows).unwrap_or(u32::MAX), "student or group is", "students and groups are")
    );
    match kept {
        0 => back,
        1 => format!("{back} One that was changed since keeps what it has now."),
        kept => format!("{back} {kept} that were changed since keep what they have now."),
    }
}

async fn listed(office: OfficeRequest, backend: &Backend, told: Told) -> Result<Response, PageError> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let years = years(backend, actor, school).await?;
    let past = past(backend, actor, school).await?;
    Ok(html(StatusCode::OK, overview_page(office.page, years, past, told)))
}

/// Simulates a rollover.
pub(super) async fn show(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let mut form = RolloverForm::read(&pairs);
    if form.year.is_empty() {
        let years = years(&backend, &office.who.actor, office.page.me.school.id).await?;
        let open = years.iter().filter(|year| !year.rolled_over);
        let last = open.clone().find(|year| year.ended).or_else(|| open.clone().next());
        form.year = last.map(|year| year.name.clone()).unwrap_or_default();
    }
    simulated(office, &backend, &form, None).await
}

async fn simulated(
    office: OfficeRequest,
    backend: &Backend,
    form: &RolloverForm,
    problem: Option<String>,
) -> Result<Response, PageError> {
    let (actor, school, input) = (&office.who.actor, office.page.me.school.id, form.input());
    let mut problem = problem;
    let seen = match simulate(backend, actor, school, &input).await {
        // What was typed stays, to be corrected, above what happens without it.
        Err(Error::Conflict { code: WRONG_EXCEPTIONS, message }) => {
            problem = Some(message);
            let without = RollOver { exceptions: Exceptions::default(), ..input };
            simulate(backend, actor, school, &without).await.map(|seen| RolloverView { hash: None, ..seen })
        }
        other => other,
    };
    let seen = match seen {
        Ok(seen) => Ok(seen),
        Err(Error::Conflict { message, .. }) => Err(message),
        Err(error) => return Err(error.into()),
    };
    Ok(html(StatusCode::OK, rollover_page(office.page, seen, form.clone(), problem)))
}

/// Rolls over exactly what was seen.
pub(super) async fn roll_over(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let form = RolloverForm::read(&pairs);
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    let Some(seen) = form.seen else {
        return simulated(office, &backend, &form, None).await;
    };
    let to = match commit(&backend, actor, school, form.input(), Some(seen)).await {
        Ok(RolloverEnd::Done(..)) => "/school-year?done=rolled-over".to_owned(),
        Ok(RolloverEnd::Nothing) => "/school-year?done=nothing".to_owned(),
        Ok(RolloverEnd::Waits) => "/school-year?done=waits".to_owned(),
        Ok(RolloverEnd::Queued(operation)) => format!("/operations/{operation}"),
        Ok(RolloverEnd::Drifted) => {
            let changed = "The roll changed since this was simulated, so nothing was done. This is what a rollover does now.";
            return simulated(office, &backend, &form, Some(changed.to_owned())).await;
        }
        Err(Error::Conflict { message, .. }) => {
            return listed(office, &backend, Told::problem(message)).await;
        }
        Err(error) => return Err(error.into()),
    };
    Ok(Redirect::to(&to).into_response())
}

/// Undoes a rollover.
pub(super) async fn take_back(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(operation): Path<OperationId>,
) -> Result<Response, PageError> {
    let (actor, school) = (&office.who.actor, office.page.me.school.id);
    match undo(&backend, actor, school, operation).await {
        Ok(rows) => {
            let past = past(&backend, actor, school).await?;
            let all = past.iter().find(|past| past.operation == operation).map_or(0, |past| past.rows.into());
            let kept = u64::saturating_sub(all, rows);
            Ok(Redirect::to(&format!("/school-year?done=undone&rows={rows}&kept={kept}")).into_response())
        }
        Err(Error::Conflict { message, .. }) => listed(office, &backend, Told::problem(message)).await,
        Err(error) => Err(error.into()),
    }
}
