//! `POST /accounts/export`: a list of accounts as a file. A form rather than a link, because it is recorded
//! in the audit log.

use axum::Form;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::Backend;
use backend::accounts::export::{ExportFile, Exported, export as accounts};
use domain::accounts::export::ExportFormat;
use domain::ids::SchoolId;
use serde::Deserialize;

use super::read_selection;
use crate::http::problem::PageError;
use crate::http::session::Session;

/// The submitted form.
#[derive(Deserialize)]
pub(super) struct Asked {
    school: SchoolId,
    /// A [`domain::roll::selection::Selection`] as JSON.
    selection: String,
    format: ExportFormat,
}

/// Returns the file, or redirects to the page where it waits for approval.
pub(super) async fn export(
    State(backend): State<Backend>,
    Session(signed_in): Session,
    Form(asked): Form<Asked>,
) -> Result<Response, PageError> {
    let selection = match read_selection(&asked.selection) {
        Ok(selection) => selection,
        Err(error) => return Err(PageError::from(error).back_to("/accounts", "User accounts")),
    };
    let Asked { school, format, .. } = asked;
    Ok(
        match accounts(&backend, &signed_in.actor, school, &selection, format)
            .await
            .map_err(|error| PageError::from(error).back_to("/accounts", "User accounts"))?
        {
            Exported::File(file) => download(file),
            Exported::Waits => Redirect::to("/approvals?done=asked").into_response(),
        },
    )
}

/// A response that downloads a file.
pub(in crate::http) fn download(file: ExportFile) -> Response {
    let kind = (CONTENT_TYPE, file.format.media_type().to_owned());
    let name = (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", file.name));
    ([kind, name], file.bytes).into_response()
}
