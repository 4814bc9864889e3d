//! Pages about staff without WebAssembly.

mod member;

use axum::routing::{get, post};
use domain::authorization::policy::Permission;

use crate::http::routes::{Access, Routes};

/// The page of a member of staff, and its forms.
pub(in crate::http) fn routes() -> Routes {
    Routes::new()
        .holding(Permission::ViewRoll, "/staff/{person}", get(member::show))
        .holding(Permission::ManageAccounts, "/staff/{person}/account", post(member::grant))
        .holding(Permission::SendInvitations, "/staff/{person}/invitation", post(member::invite))
        .step_up(
            Access::Holds(Permission::ManageAccounts),
            "/staff/{person}/old-username",
            post(member::old_username),
        )
}
