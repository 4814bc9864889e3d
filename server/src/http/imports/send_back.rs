//! `POST /imports/{import}/faulty`: the faulty rows of a file, for who sent it. A form rather than a link, because it is
//! recorded in the audit log.

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use backend::Backend;
use domain::ids::ImportId;
use domain::imports::sent_back::SheetFormat;
use serde::Deserialize;

use crate::http::extract::{Form, Path};
use crate::http::problem::PageError;
use crate::http::session::Session;

/// The format of the file.
#[derive(Deserialize)]
pub(super) struct SendBackForm {
    format: SheetFormat,
}

/// Returns a spreadsheet file: the faulty rows in the file's own columns, and what to correct.
pub(super) async fn send_back(
    State(backend): State<Backend>,
    Session(signed_in): Session,
    Path(import): Path<ImportId>,
    Form(form): Form<SendBackForm>,
) -> Result<Response, PageError> {
    let made = backend::imports::send_back::send_back(&backend, &signed_in.actor, import, form.format).await;
    let bytes = made.map_err(|error| PageError::from(error).back_to("/imports", "Imports"))?;
    let name = format!("attachment; filename=\"rows-to-correct.{}\"", form.format.ending());
    let headers = [(CONTENT_TYPE, form.format.media_type().to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}
