//! Autocreate: the rules, simulations, and runs.

mod carry_out;
mod form;
mod show;
pub(super) mod simulate;

use axum::routing::{get, post};
use domain::authorization::policy::Permission;

pub(super) use self::simulate::rules_for;
use crate::http::routes::{Access, Routes};

/// Each page and its forms.
pub(super) fn routes() -> Routes {
    const MANAGES: Permission = Permission::ManageGuardians;
    const RUNS: Access = Access::Holds(MANAGES);
    Routes::new()
        .holding(MANAGES, "/guardians/autocreate", get(simulate::ask).post(simulate::simulated))
        .holding(MANAGES, "/guardians/autocreate/{run}", get(show::show))
        .holding(MANAGES, "/guardians/autocreate/{run}/again", post(simulate::again))
        .holding(
            Permission::ManageRestrictions,
            "/guardians/autocreate/{run}/include",
            post(simulate::include),
        )
        .step_up(RUNS, "/guardians/autocreate/{run}/create", post(carry_out::create))
        .step_up(RUNS, "/guardians/autocreate/{run}/undo", post(carry_out::undo))
        .step_up(RUNS, "/guardians/autocreate/{run}/end-access", post(carry_out::end))
        .step_up(
            Access::Holds(Permission::ExportAccounts),
            "/guardians/autocreate/{run}/download",
            post(show::file),
        )
}
