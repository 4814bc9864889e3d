//! `POST /accounts/export`: a list of accounts as a file. A form rather than a link, because it is recorded
//! in the audit log. A file cannot say who is missing from it, so a page says that first.

use app::features::accounts::pages::export::hidden_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::accounts::export::{ExportFile, ExportOutcome, export as accounts, hidden_of};
use backend::{Backend, Error};
use domain::accounts::export::ExportFormat;
use domain::ids::SchoolId;
use serde::Deserialize;

use super::read_selection;
use crate::http::extract::Form;
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// The submitted form.
#[derive(Deserialize)]
pub(super) struct AccountExportForm {
    school: SchoolId,
    /// A [`domain::roll::selection::Selection`] as JSON.
    selection: String,
    format: ExportFormat,
    /// How many people they have been told are left out.
    #[serde(default)]
    told: u32,
}

/// Returns the file, or redirects to the page where it waits for approval. If a restriction hides people from the
/// person who asked, a page says how many first.
pub(super) async fn export(
    desk: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<AccountExportForm>,
) -> Result<Response, PageError> {
    let selection = match read_selection(&form.selection) {
        Ok(selection) => selection,
        Err(error) => return Err(PageError::from(error).back_to("/accounts", "User accounts")),
    };
    let AccountExportForm { school, format, told, .. } = form;
    let actor = &desk.who.actor;
    let hidden = hidden_of(&backend, actor, school, &selection).await.map_err(to_list)?;
    if hidden > told {
        return Ok(html(StatusCode::OK, hidden_page(desk.page, school, form.selection, format, hidden)));
    }
    Ok(match accounts(&backend, actor, school, &selection, format).await.map_err(to_list)? {
        ExportOutcome::File(file) => download(file),
        ExportOutcome::Waits => Redirect::to("/approvals?done=asked").into_response(),
    })
}

fn to_list(error: Error) -> PageError {
    PageError::from(error).back_to("/accounts", "User accounts")
}

/// A response that downloads a file.
pub(in crate::http) fn download(file: ExportFile) -> Response {
    let kind = (CONTENT_TYPE, file.format.media_type().to_owned());
    let name = (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file.name));
    ([kind, name], file.bytes).into_response()
}
