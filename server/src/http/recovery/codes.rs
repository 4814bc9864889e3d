//! One-time codes for several people at once. Forms rather than links, because a selection may be long and
//! codes are created.

use app::error::AppError;
use app::features::recovery::pages::codes::{ask_page, made_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use backend::Backend;
use backend::accounts::create::Among;
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
    #[serde(default)]
    among: Among,
}

/// The form of the page.
#[derive(Deserialize)]
struct MakeCodesForm {
    school: SchoolId,
    selection: String,
    #[serde(default)]
    among: Among,
    handout: CodeHandout,
}

async fn ask(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<OneTimeCodesForm>,
) -> Result<Response, PageError> {
    let found = match read_selection(&form.selection) {
        Ok(selection) => {
            let whose = (form.among, &selection);
            ask_for_codes(&backend, &office.who.actor, form.school, whose).await.map_err(AppError::from)
        }
        Err(error) => Err(error),
    };
    let back = list_of(form.among);
    let found = found.map_err(|error| PageError::from(error).back_to(back.0, back.1))?;
    let among = form.among.slug();
    Ok(html(StatusCode::OK, ask_page(office.page, (form.school, form.selection, among), back, found)))
}

async fn make(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<MakeCodesForm>,
) -> Result<Response, PageError> {
    let MakeCodesForm { school, selection, among, handout } = form;
    let made = match read_selection(&selection) {
        Ok(selection) => {
            let whose = (among, &selection);
            make_codes(&backend, &office.who.actor, school, whose, handout).await.map_err(AppError::from)
        }
        Err(error) => Err(error),
    };
    let back = list_of(among);
    Ok(match made.map_err(|error| PageError::from(error).back_to(back.0, back.1))? {
        CodesOutcome::Made(made) => html(StatusCode::OK, made_page(office.page, back, made)),
        CodesOutcome::Wait => Redirect::to("/approvals?done=asked").into_response(),
        CodesOutcome::Queued(operation) => Redirect::to(&format!("/operations/{operation}")).into_response(),
    })
}

/// The list that they were chosen from, and its name.
pub(in crate::http) fn list_of(among: Among) -> (&'static str, &'static str) {
    match among {
        Among::Students => ("/accounts", "User accounts"),
        Among::Staff => ("/staff", "Staff"),
        Among::Guardians => ("/guardians", "Guardians"),
    }
}
