//! Routes about students that are not pages.

mod snapshot;

use axum::routing::get;
use domain::authorization::policy::Permission;

use super::routes::Routes;

/// The whole roll for the browser.
pub(super) fn routes() -> Routes {
    Routes::new().holding(Permission::ViewRoll, "/roll/{school}/snapshot", get(snapshot::snapshot))
}
