//! Routes about accounts beside the application's own.

pub(super) mod export;

use app::error::{AppError, ErrorKind};
use axum::routing::post;
use domain::authorization::policy::Permission;
use domain::roll::selection::Selection;

use super::routes::{Access, Routes};

/// The file for a spreadsheet.
pub(super) fn routes() -> Routes {
    Routes::new().step_up(Access::Holds(Permission::ExportAccounts), "/accounts/export", post(export::export))
}

/// Reads whom a form of the list is about.
pub(super) fn read_selection(json: &str) -> Result<Selection, AppError> {
    serde_json::from_str(json).map_err(|_| {
        AppError::new(
            ErrorKind::Invalid,
            "outdated_page",
            "This page is out of date. Go back, reload it and try again.",
        )
    })
}
