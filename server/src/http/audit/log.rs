//! `GET /audit`.

use app::features::audit::pages::log::log_page;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use backend::audit::alerts::unseen;
use backend::audit::list::{AuditFilter, list};
use backend::{Backend, Error};
use domain::lists::page::Cursor;

use super::AuditQuery;
use crate::http::extract::Query;
use crate::http::family::html;
use crate::http::office_request::OfficeRequest;
use crate::http::problem::PageError;

/// Shows a page of the log.
pub(super) async fn log(
    mut office: OfficeRequest,
    State(backend): State<Backend>,
    Query(query): Query<AuditQuery>,
) -> Result<Response, PageError> {
    let filter = query.filter()?;
    office.page.done = (query.done == "seen").then_some("Marked as seen for you.");
    let found = async {
        let after = (!query.after.is_empty()).then(|| Cursor::from(query.after.clone()));
        let page = list(&backend, &office.who.actor, &filter, after.as_ref()).await?;
        // Alerts are shown above the whole log, not above search results.
        let alerts = if filter == AuditFilter::default() && query.after.is_empty() {
            unseen(&backend, &office.who.actor).await?
        } else {
            Vec::new()
        };
        Ok::<_, Error>((alerts, page))
    };
    let (alerts, page) = found.await?;
    Ok(html(StatusCode::OK, log_page(office.page, filter, alerts, page)))
}
