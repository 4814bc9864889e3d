//! The school year: nightly changes, the rollover, the days of an account.

mod days;
mod nightly;
mod rollover;

use axum::routing::{get, post};
use domain::authorization::policy::Permission;

use super::routes::{Access, Routes};

/// The pages and their forms.
pub(super) fn routes() -> Routes {
    const ROLL: Permission = Permission::ImportRoll;
    const ACCOUNTS: Permission = Permission::ManageAccounts;
    Routes::new()
        .holding(ROLL, "/school-year", get(rollover::overview))
        .holding(ROLL, "/school-year/nightly", get(nightly::show))
        .holding(ROLL, "/school-year/nightly/hold", post(nightly::hold_it))
        .holding(ROLL, "/school-year/nightly/release", post(nightly::release_it))
        .step_up(Access::Holds(ROLL), "/school-year/nightly/now", post(nightly::now))
        .holding(ROLL, "/school-year/rollover", get(rollover::show))
        .step_up(Access::Holds(ROLL), "/school-year/rollover", post(rollover::roll_over))
        .step_up(Access::Holds(ROLL), "/school-year/rollover/{operation}/undo", post(rollover::take_back))
        .holding(ACCOUNTS, "/students/{person}/days", days::of_person())
        .step_up(Access::Holds(ACCOUNTS), "/students/{person}/days", days::save_of_person())
        .holding(ACCOUNTS, "/guardians/{person}/days", days::of_person())
        .step_up(Access::Holds(ACCOUNTS), "/guardians/{person}/days", days::save_of_person())
        .holding(ACCOUNTS, "/staff/{person}/days", days::of_staff())
        .step_up(Access::Holds(ACCOUNTS), "/staff/{person}/days", days::save_of_staff())
}
