//! Lists: the choice of columns, for pages without WebAssembly.

mod columns;

use axum::routing::post;
use domain::authorization::policy::Permission;

use super::routes::Routes;

/// The form of the columns menu.
pub(super) fn routes() -> Routes {
    Routes::new().holding(Permission::UseOffice, "/lists/columns", post(columns::keep))
}
