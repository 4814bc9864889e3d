//! Invitation codes on paper for several people of a list. Forms rather than links, because a selection may be long and codes
//! are made.

use app::error::AppError;
use app::features::accounts::pages::printed::{print_page, printed_page};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::accounts::create::Among;
use backend::accounts::print::{PrintEnd, ask_to_print, print};
use backend::{Backend, Error};
use domain::ids::SchoolId;
use serde::Deserialize;

use super::read_selection;
use crate::http::extract::Form;
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;
use crate::http::recovery::list_of;

/// The form of the list, and of the question.
#[derive(Deserialize)]
pub(super) struct PrintForm {
    school: SchoolId,
    /// A [`domain::roll::selection::Selection`] as JSON.
    selection: String,
    #[serde(default)]
    among: Among,
}

/// Says how many codes would be made.
pub(super) async fn ask(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(PrintForm { school, selection, among }): Form<PrintForm>,
) -> Result<Response, PageError> {
    let list = list_of(among);
    let question = match read_selection(&selection) {
        Ok(chosen) => {
            ask_to_print(&backend, &office.who.actor, school, (among, &chosen)).await.map_err(AppError::from)
        }
        Err(error) => Err(error),
    };
    let question = question.map_err(|error| PageError::from(error).back_to(list.0, list.1))?;
    Ok(html(StatusCode::OK, print_page(office.page, (school, selection, among.slug()), list, question)))
}

/// Makes them, and shows them once.
pub(super) async fn make(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(PrintForm { school, selection, among }): Form<PrintForm>,
) -> Result<Response, PageError> {
    let list = list_of(among);
    let end = match read_selection(&selection) {
        Ok(chosen) => {
            print(&backend, &office.who.actor, school, (among, chosen)).await.map_err(AppError::from)
        }
        Err(error) => Err(error),
    };
    match end.map_err(|error| PageError::from(error).back_to(list.0, list.1))? {
        PrintEnd::Printed(printed) => Ok(html(StatusCode::OK, printed_page(office.page, list, printed))),
        PrintEnd::Waits => Ok(Redirect::to("/approvals?done=asked").into_response()),
        PrintEnd::Nobody => {
            let nobody = "None of these accounts waits for a password any more. Nothing was printed.";
            Err(PageError::from(Error::conflict("nobody_waits", nobody)).back_to(list.0, list.1))
        }
    }
}
