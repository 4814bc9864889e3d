//! Routes about accounts outside the Leptos application.

pub(super) mod export;

use app::error::{AppError, ErrorKind};
use axum::routing::post;
use domain::authorization::policy::Permission;
use domain::roll::selection::Selection;

use super::routes::{Access, Routes};

/// The spreadsheet file.
pub(super) fn routes() -> Routes {
    Routes::new().step_up(Access::Holds(Permission::ExportAccounts), "/accounts/export", post(export::export))
}

/// Parses the selection in a form of the list.
pub(super) fn read_selection(json: &str) -> Result<Selection, AppError> {
    serde_json::from_str(json).map_err(|_| {
        AppError::new(
            ErrorKind::Invalid,
            "outdated_page",
            "This page is out of date. Go back, reload it and try again.",
        )
    })
}
