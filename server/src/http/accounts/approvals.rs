//! What waits for a second person.

use app::features::accounts::approvals::approvals_page;
use app::features::recovery::pages::codes::made_page;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::accounts::approvals::{TakenOut, list, settle, take_out};
use backend::{Backend, Error};
use domain::ids::ApprovalId;
use serde::Deserialize;

use super::export::download;
use crate::http::desk::AtDesk;
use crate::http::family::html;
use crate::http::office::refused;

/// What the address says.
#[derive(Deserialize)]
pub(super) struct Came {
    #[serde(default)]
    done: String,
}

/// What the second person says.
#[derive(Deserialize)]
pub(super) struct Said {
    decision: Decision,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decision {
    Approve,
    Decline,
}

/// The page.
pub(super) async fn show(
    mut desk: AtDesk,
    State(backend): State<Backend>,
    Query(came): Query<Came>,
) -> Response {
    desk.page.done = match came.done.as_str() {
        "asked" => Some(
            "Exports of this size need approval. Once someone else has approved it, you have 24 hours to download it here.",
        ),
        "decided" => Some("Noted."),
        _ => None,
    };
    match list(&backend, &desk.who.actor).await {
        Ok(lines) => html(StatusCode::OK, approvals_page(desk.page, lines)),
        Err(error) => desk.problem(error),
    }
}

/// Yes or no.
pub(super) async fn decide(
    desk: AtDesk,
    State(backend): State<Backend>,
    Path(approval): Path<ApprovalId>,
    Form(said): Form<Said>,
) -> Response {
    match settle(&backend, &desk.who.actor, approval, said.decision == Decision::Approve).await {
        Ok(()) => Redirect::to("/approvals?done=decided").into_response(),
        Err(error) => back(desk, error),
    }
}

/// The file, or the codes.
pub(super) async fn take(
    desk: AtDesk,
    State(backend): State<Backend>,
    Path(approval): Path<ApprovalId>,
) -> Response {
    match take_out(&backend, &desk.who.actor, approval).await {
        Ok(TakenOut::File(file, format)) => download(file, format),
        Ok(TakenOut::Codes(handout, made)) => html(StatusCode::OK, made_page(desk.page, handout, made)),
        Err(error) => back(desk, error),
    }
}

fn back(desk: AtDesk, error: Error) -> Response {
    match error {
        error @ (Error::Conflict { .. } | Error::Limited(_)) => {
            refused(desk.family.0, error, "/approvals", "Approvals")
        }
        error => desk.problem(error),
    }
}
