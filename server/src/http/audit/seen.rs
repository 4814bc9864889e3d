//! `POST /audit/alerts/seen`: the reader has seen the alerts.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use backend::Backend;
use backend::audit::alerts::mark_seen;
use serde::Deserialize;

use crate::http::extract::Form;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// The last log entry that was shown; later alerts stay unseen.
#[derive(Deserialize)]
pub(super) struct AlertsSeenForm {
    until: i64,
}

/// Marks them as seen, and returns to the log.
pub(super) async fn mark(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Form(form): Form<AlertsSeenForm>,
) -> Result<Response, PageError> {
    mark_seen(&backend, &office.who.actor, form.until).await?;
    Ok(Redirect::to("/audit?done=seen").into_response())
}
