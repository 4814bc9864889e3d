//! Routes about accounts that are no pages.

mod export;

use axum::routing::post;
use domain::access::policy::Permission;

use super::routes::Routes;

/// The file for a spreadsheet.
pub(super) fn routes() -> Routes {
    Routes::new().holding(Permission::ExportAccounts, "/accounts/export", post(export::export))
}
