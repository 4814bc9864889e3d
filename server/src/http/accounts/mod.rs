//! Routes about accounts outside the Leptos application.

pub(super) mod bulk;
pub(super) mod export;
mod paste;
mod print;
pub(super) mod rename;

use app::error::{AppError, ErrorKind};
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use domain::authorization::policy::Permission;
use domain::roll::selection::Selection;

use super::imports::UPLOAD;
use super::routes::{Access, Routes};

/// The spreadsheet file, codes on paper, and changing usernames.
pub(super) fn routes() -> Routes {
    const MANAGES: Permission = Permission::ManageAccounts;
    Routes::new()
        .step_up(Access::Holds(Permission::ExportAccounts), "/accounts/export", post(export::export))
        .step_up(Access::Holds(MANAGES), "/accounts/print", post(print::ask))
        .step_up(Access::Holds(MANAGES), "/accounts/print/make", post(print::make))
        .holding(MANAGES, "/accounts/paste/file", post(paste::file).layer(DefaultBodyLimit::max(UPLOAD)))
        .holding(MANAGES, "/accounts/bulk", post(bulk::choose))
        .holding(MANAGES, "/accounts/change", post(bulk::ask))
        .step_up(Access::Holds(MANAGES), "/accounts/change/make", post(bulk::make))
        .holding(Permission::ViewAccounts, "/accounts/changes", get(bulk::list))
        .holding(Permission::ViewAccounts, "/accounts/changes/{operation}", get(bulk::show))
        .step_up(Access::Holds(MANAGES), "/accounts/changes/{operation}/undo", post(bulk::undo))
        .holding(MANAGES, "/accounts/rename", get(rename::ask_one).post(rename::ask_many))
        .step_up(Access::Holds(MANAGES), "/accounts/rename/change", post(rename::change))
        .holding(Permission::ViewAccounts, "/accounts/renames", get(rename::list))
        .holding(Permission::ViewAccounts, "/accounts/renames/{operation}", get(rename::show))
        .holding(MANAGES, "/accounts/renames/{operation}/undo", get(rename::ask_undo))
        .step_up(Access::Holds(MANAGES), "/accounts/renames/{operation}/undo", post(rename::undo))
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
