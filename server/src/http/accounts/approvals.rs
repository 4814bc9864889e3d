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
use crate::http::problem::PageError;

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
) -> Result<Response, PageError> {
    desk.page.done = match came.done.as_str() {
        "asked" => Some(
            "Exports of this size need approval. Once someone else has approved it, you have 24 hours to download it here.",
        ),
        "decided" => Some("Noted."),
        _ => None,
    };
    let lines = list(&backend, &desk.who.actor).await?;
    Ok(html(StatusCode::OK, approvals_page(desk.page, lines)))
}

/// Yes or no.
pub(super) async fn decide(
    desk: AtDesk,
    State(backend): State<Backend>,
    Path(approval): Path<ApprovalId>,
    Form(said): Form<Said>,
) -> Result<Response, PageError> {
    settle(&backend, &desk.who.actor, approval, said.decision == Decision::Approve).await.map_err(to_list)?;
    Ok(Redirect::to("/approvals?done=decided").into_response())
}

/// The file, or the codes.
pub(super) async fn take(
    desk: AtDesk,
    State(backend): State<Backend>,
    Path(approval): Path<ApprovalId>,
) -> Result<Response, PageError> {
    Ok(match take_out(&backend, &desk.who.actor, approval).await.map_err(to_list)? {
        TakenOut::File(file, format) => download(file, format),
        TakenOut::Codes(handout, made) => html(StatusCode::OK, made_page(desk.page, handout, made)),
    })
}

fn to_list(error: Error) -> PageError {
    PageError::from(error).back_to("/approvals", "Approvals")
}
