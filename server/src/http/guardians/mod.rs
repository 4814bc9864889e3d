//! Guardians: what they see of whom, for the office and for families.

mod access;
mod autocreate;
mod defaults;
mod duplicates;
mod grants;
mod missing;
mod not_mine;
mod own;
mod records;
mod restrict;
mod tasks;

use axum::routing::{get, post};
use domain::authorization::policy::Permission;
use domain::guardians::settings::GUARDIAN_ACCESS_PAGE;
use domain::ids::PersonId;

use super::routes::{Access, Routes};

/// Pages of the office.
pub(super) fn routes() -> Routes {
    const VIEW: Permission = Permission::ViewRoll;
    const EXPORTS: Access = Access::Holds(Permission::ExportAccounts);
    const MANAGE: Permission = Permission::ManageGuardians;
    const RESTRICT: Permission = Permission::ManageRestrictions;
    const SETTINGS: Permission = Permission::ManageSettings;
    Routes::new()
        .holding(VIEW, "/students/{person}/access", get(access::show))
        .holding(RESTRICT, "/students/{person}/access/restrict", get(restrict::show).post(restrict::record))
        .holding(RESTRICT, "/students/{person}/access/review", post(restrict::review))
        .holding(RESTRICT, "/students/{person}/access/change", get(restrict::show_changed))
        .step_up(Access::Holds(RESTRICT), "/students/{person}/access/change", post(restrict::change))
        .step_up(Access::Holds(RESTRICT), "/students/{person}/access/lift", post(restrict::lift))
        .holding(MANAGE, "/guardians/{person}/access", get(grants::show))
        .step_up(Access::Holds(MANAGE), "/guardians/{person}/access", post(grants::change))
        .holding(MANAGE, "/guardians/{person}/access/restore", post(grants::restore))
        .holding(MANAGE, "/guardians/tasks", get(tasks::list).post(tasks::done))
        .holding(SETTINGS, GUARDIAN_ACCESS_PAGE.path, get(defaults::show))
        .step_up(Access::Holds(SETTINGS), GUARDIAN_ACCESS_PAGE.path, post(defaults::save))
        .holding(Permission::ViewAccounts, "/guardians/missing", get(missing::show))
        .holding(Permission::SendInvitations, "/guardians/missing/invite", post(missing::invite_them))
        .holding(Permission::ManageAccounts, "/guardians/missing/print", post(missing::print_them))
        .holding(MANAGE, "/guardians/missing/autocreate", post(missing::autocreate_them))
        .step_up(
            Access::Holds(Permission::ManageAccounts),
            "/guardians/missing/enable",
            post(missing::enable_them),
        )
        .step_up(EXPORTS, "/guardians/missing/fill-in", post(missing::fill_them_in))
        .step_up(EXPORTS, "/guardians/missing/export", post(missing::export_them))
        .merge(autocreate::routes())
        .merge(duplicates::routes())
        .merge(records::routes())
}

/// Pages of families.
pub(super) fn family_routes() -> Routes {
    Routes::new()
        .signed_in("/portal/access", get(own::sight).post(own::choose))
        .signed_in("/portal/children/{person}/access", get(own::show).post(own::not_mine))
        .open("/not-mine/{token}", get(not_mine::show).post(not_mine::press))
}

/// Parses the id of a person; an invalid one is not found.
fn known(person: &str) -> Result<PersonId, backend::Error> {
    person.parse().map_err(|_| backend::Error::NotFound("student"))
}
