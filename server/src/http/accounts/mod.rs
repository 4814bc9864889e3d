//! Routes about accounts that are no pages.

mod export;

use axum::routing::post;
use domain::access::policy::Permission;

use super::routes::{Access, Routes};

/// The file for a spreadsheet.
pub(super) fn routes() -> Routes {
    Routes::new().proven(Access::Holds(Permission::ExportAccounts), "/accounts/export", post(export::export))
}
