//! `POST /audit/export`: what a filter finds, as a file. A form rather than a link, because it is recorded in
//! the log.

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use backend::Backend;
use backend::exports::audit_log::export as file;

use super::AuditQuery;
use crate::http::extract::Query;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// Returns the file as a download.
pub(super) async fn export(
    office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<AuditQuery>,
) -> Result<Response, PageError> {
    let csv = file(&backend, &office.who.actor, &query.filter()?).await?;
    let kind = (CONTENT_TYPE, "text/csv; charset=utf-8");
    let name = (CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\"");
    Ok(([kind, name], csv).into_response())
}
