//! Pages about guardians without WebAssembly.

mod missing;

use axum::routing::{get, post};
use domain::authorization::policy::Permission;

use crate::http::routes::{Access, Routes};

/// The pages and their forms.
pub(in crate::http) fn routes() -> Routes {
    Routes::new()
        .holding(Permission::ViewAccounts, "/guardians/missing", get(missing::show))
        .holding(Permission::SendInvitations, "/guardians/missing/invite", post(missing::invite_them))
        .step_up(
            Access::Holds(Permission::ExportAccounts),
            "/guardians/missing/export",
            post(missing::export_them),
        )
}
