//! The board.

use app::features::guardians::pages::duplicates::board::board_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::Backend;
use backend::guardians::duplicates::{answer as answers, board, search as searches};
use domain::guardians::duplicates::pair::PairState;
use domain::ids::{AutocreateId, PairId};
use domain::lists::page::Cursor;
use serde::Deserialize;

use super::super::autocreate::simulate;
use crate::http::extract::{Form, Path, Query};
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// The query parameters.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct BoardQuery {
    show: String,
    after: String,
    done: String,
}

/// What was answered.
#[derive(Deserialize)]
pub(super) struct Answer {
    answer: PairState,
    /// The simulation that asked.
    #[serde(default)]
    run: Option<AutocreateId>,
}

/// Shows the board.
pub(super) async fn show(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<BoardQuery>,
) -> Result<Response, PageError> {
    office.page.done = match query.done.as_str() {
        "answered" => Some("Your answer was saved."),
        "merged" => Some("The two records are one now. You can undo this under Merges."),
        "asked" => Some("A search was started."),
        _ => None,
    };
    let state = match PairState::from_slug(&query.show) {
        Some(state @ (PairState::Later | PairState::TwoPeople)) => state,
        _ => PairState::Open,
    };
    let after = (!query.after.is_empty()).then(|| Cursor::from(query.after));
    let shown = board::board(&backend, &office.who.actor, state, after.as_ref()).await?;
    Ok(html(StatusCode::OK, board_page(office.page, shown, state)))
}

/// Starts a search.
pub(super) async fn search(
    office: OfficeRequest,
    State(backend): State<Backend>,
) -> Result<Response, PageError> {
    searches::ask(&backend, &office.who.actor).await?;
    Ok(Redirect::to("/guardians/duplicates?done=asked").into_response())
}

/// Saves an answer. The simulation that asked is made again, so that it follows.
pub(super) async fn answer(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Path(pair): Path<PairId>,
    Form(form): Form<Answer>,
) -> Result<Response, PageError> {
    answers::answer(&backend, &office.who.actor, pair, form.answer)
        .await
        .map_err(|error| PageError::from(error).back_to("/guardians/duplicates", "Likely duplicates"))?;
    Ok(match form.run {
        Some(run) => simulate::afresh(&office, &backend, run, "answered").await?,
        None => Redirect::to("/guardians/duplicates?done=answered").into_response(),
    })
}
