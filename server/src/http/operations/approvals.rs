//! Operations that wait for a second person.

use app::features::operations::pages::approvals::approvals_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::operations::approvals::{list, settle};
use backend::{Backend, Error};
use domain::ids::OperationId;
use serde::Deserialize;

use super::outcome;
use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// The query parameters.
#[derive(Deserialize)]
pub(super) struct ApprovalsQuery {
    #[serde(default)]
    done: String,
}

/// The second person's decision.
#[derive(Deserialize)]
pub(super) struct ApprovalDecisionForm {
    decision: ApprovalDecision,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ApprovalDecision {
    Approve,
    Decline,
}

/// Shows the page.
pub(super) async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<ApprovalsQuery>,
) -> Result<Response, PageError> {
    office.page.done = match query.done.as_str() {
        "asked" => Some(
            "This needs approval, because it is about many people. Once someone else has approved it, you have 24 hours to run it here.",
        ),
        "decided" => Some("Your decision was saved."),
        "ran" => Some("Done."),
        _ => None,
    };
    let lines = list(&backend, &office.who.actor).await?;
    Ok(html(StatusCode::OK, approvals_page(office.page, lines)))
}

/// Approves or declines it.
pub(super) async fn decide(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(operation): Path<OperationId>,
    Form(form): Form<ApprovalDecisionForm>,
) -> Result<Response, PageError> {
    settle(&backend, &office.who.actor, operation, form.decision == ApprovalDecision::Approve)
        .await
        .map_err(to_list)?;
    Ok(Redirect::to("/approvals?done=decided").into_response())
}

/// Runs it.
pub(super) async fn take(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(operation): Path<OperationId>,
) -> Result<Response, PageError> {
    outcome::of(&office, &backend, operation).await.map_err(to_list)
}

fn to_list(error: Error) -> PageError {
    PageError::from(error).back_to("/approvals", "Approvals")
}
