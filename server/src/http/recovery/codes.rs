//! One-time codes for several students at once. Forms rather than links, because a selection may be long and
//! codes are created.

use app::error::AppError;
use app::features::recovery::pages::codes::{ask_page, made_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use backend::Backend;
use backend::recovery::office_codes::{CodesOutcome, ask_for_codes, make_codes};
use domain::authorization::policy::Permission;
use domain::ids::SchoolId;
use domain::recovery::CodeHandout;
use serde::Deserialize;

use crate::http::accounts::read_selection;
use crate::http::extract::Form;
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;
use crate::http::routes::{Access, Routes};

/// The question and its answer.
pub(in crate::http) fn routes() -> Routes {
    const MANAGES: Access = Access::Holds(Permission::ManageAccounts);
    Routes::new().step_up(MANAGES, "/accounts/codes", post(ask)).step_up(
        MANAGES,
        "/accounts/codes/make",
        post(make),
    )
}

/// The form of the list.
#[derive(Deserialize)]
struct OneTimeCodesForm {
    school: SchoolId,
    /// A [`domain::roll::selection::Selection`] as JSON.
    selection: String,
}

/// The form of the page.
#[derive(Deserialize)]
struct MakeCodesForm {
    school: SchoolId,
    selection: String,
    handout: CodeHandout,
}

async fn ask(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<OneTimeCodesForm>,
) -> Result<Response, PageError> {
    let found = match read_selection(&form.selection) {
        Ok(selection) => {
            ask_for_codes(&backend, &office.who.actor, form.school, &selection).await.map_err(AppError::from)
        }
        Err(error) => Err(error),
    };
    let found = found.map_err(|error| PageError::from(error).back_to("/accounts", "User accounts"))?;
    Ok(html(StatusCode::OK, ask_page(office.page, form.school, form.selection, found)))
}

async fn make(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<MakeCodesForm>,
) -> Result<Response, PageError> {
    let MakeCodesForm { school, selection, handout } = form;
    let made = match read_selection(&selection) {
        Ok(selection) => {
            make_codes(&backend, &office.who.actor, school, &selection, handout).await.map_err(AppError::from)
        }
        Err(error) => Err(error),
    };
    Ok(match made.map_err(|error| PageError::from(error).back_to("/accounts", "User accounts"))? {
        CodesOutcome::Made(made) => html(StatusCode::OK, made_page(office.page, made)),
        CodesOutcome::Wait => Redirect::to("/approvals?done=asked").into_response(),
        CodesOutcome::Queued(operation) => Redirect::to(&format!("/operations/{operation}")).into_response(),
    })
}
