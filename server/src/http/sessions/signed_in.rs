//! Where a tab leads that a covered page opened for signing in: what was typed is in the tab before, not in this one.

use app::features::sessions::pages::signed_in_page;
use axum::http::StatusCode;
use axum::response::Response;

use crate::http::family::{Family, html};

pub(super) async fn signed_in(Family(page): Family) -> Response {
    html(StatusCode::OK, signed_in_page(page))
}
