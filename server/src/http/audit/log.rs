//! `GET /audit`.

use app::features::audit::pages::log::log_page;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use backend::audit::alerts::unseen;
use backend::audit::list::{AuditFilter, list};
use backend::{Backend, Error};
use domain::lists::page::Cursor;

use super::Asked;
use crate::http::desk::AtDesk;
use crate::http::family::html;
use crate::http::problem::PageError;

/// Shows a page of the log.
pub(super) async fn log(
    mut desk: AtDesk,
    State(backend): State<Backend>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let filter = asked.filter();
    desk.page.done = (asked.done == "seen").then_some("Marked as seen for you.");
    let found = async {
        let after = (!asked.after.is_empty()).then(|| Cursor::from(asked.after.clone()));
        let page = list(&backend, &desk.who.actor, &filter, after.as_ref()).await?;
        // Alerts are shown above the whole log, not above search results.
        let alerts = if filter == AuditFilter::default() && asked.after.is_empty() {
            unseen(&backend, &desk.who.actor).await?
        } else {
            Vec::new()
        };
        Ok::<_, Error>((alerts, page))
    };
    let (alerts, page) = found.await?;
    Ok(html(StatusCode::OK, log_page(desk.page, filter, alerts, page)))
}
