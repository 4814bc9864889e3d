//! Set-up: the first administrator, their organisation and its first school.

mod link;
mod steps;

use axum::routing::get;
use domain::authorization::policy::Permission;

use super::routes::Routes;

pub(super) use steps::SCHOOL;

/// The first step is open to everyone who has the link, the others to those who manage settings.
pub(super) fn family_routes() -> Routes {
    const MANAGES: Permission = Permission::ManageSettings;
    Routes::new()
        .open("/setup/{token}", get(link::show).post(link::create))
        .holding(MANAGES, "/setup/organisation", get(steps::organisation).post(steps::save_organisation))
        .holding(MANAGES, SCHOOL, get(steps::school).post(steps::save_school))
}
