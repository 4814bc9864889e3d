//! `GET /audit`.

use app::features::audit::pages::log::log_page;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use backend::Backend;
use backend::audit::list::list;

use super::Asked;
use crate::http::desk::AtDesk;
use crate::http::family::html;

/// A page of the log.
pub(super) async fn log(
    desk: AtDesk,
    State(backend): State<Backend>,
    Query(asked): Query<Asked>,
) -> Response {
    let filter = asked.filter();
    match list(&backend, &desk.who.actor, &filter, asked.after.parse().ok()).await {
        Ok((lines, next)) => html(StatusCode::OK, log_page(desk.page, filter, lines, next)),
        Err(error) => desk.problem(error),
    }
}
