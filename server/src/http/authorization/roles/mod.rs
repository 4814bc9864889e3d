//! Roles.

mod holders;
mod invite;
mod kinds;
mod person;
mod why;

use axum::routing::{get, post};
use domain::authorization::policy::Permission;

use crate::http::routes::{Access, Routes};

/// The pages and their forms.
pub(in crate::http) fn routes() -> Routes {
    const ROLES: Permission = Permission::ManageRoles;
    const CHANGE: Access = Access::Holds(ROLES);
    Routes::new()
        .holding(ROLES, "/roles", get(holders::show))
        .holding(ROLES, "/roles/invite", get(invite::show))
        .step_up(CHANGE, "/roles/invite", post(invite::invite))
        .holding(ROLES, "/roles/people/{person}", get(person::show))
        .step_up(CHANGE, "/roles/people/{person}", post(person::give))
        .step_up(CHANGE, "/roles/people/{person}/second-factors", post(person::remove_factors))
        .step_up(CHANGE, "/roles/take", post(person::take))
        .holding(ROLES, "/roles/kinds", get(kinds::show))
        .holding(ROLES, "/roles/kinds/new", get(kinds::new))
        .step_up(CHANGE, "/roles/kinds/new", post(kinds::create))
        .holding(ROLES, "/roles/kinds/{kind}", get(kinds::edit))
        .step_up(CHANGE, "/roles/kinds/{kind}", post(kinds::change))
        .step_up(CHANGE, "/roles/kinds/{kind}/remove", post(kinds::remove))
        .holding(ROLES, "/roles/why", get(why::show))
}

/// The confirmation for what a form just did, from the query.
fn done(word: &str) -> Option<&'static str> {
    match word {
        "given" => Some(
            "Role given. If it is more than they had, they have been signed out, and invitations and codes made before no longer work. Send a new invitation if they have not chosen a password yet.",
        ),
        "invited" => Some("Invitation sent."),
        "taken" => Some("Role removed. They lose its permissions straight away."),
        "saved" => Some("Saved."),
        "removed" => Some("Role deleted."),
        "factors" => Some("Second factors removed. They have been signed out everywhere."),
        _ => None,
    }
}
