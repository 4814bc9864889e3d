//! The school year: nightly changes, the rollover, the periods, the days of an account.

mod days;
mod nightly;
mod rollover;
mod settings;

use axum::routing::{get, post};
use domain::authorization::policy::Permission;
use domain::school_year::settings::SCHOOL_YEAR_PAGE;

use super::routes::{Access, Routes};

/// The pages and their forms.
pub(super) fn routes() -> Routes {
    const ROLL: Permission = Permission::ImportRoll;
    const SETTINGS: Permission = Permission::ManageSettings;
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
        .holding(SETTINGS, SCHOOL_YEAR_PAGE.path, get(settings::show))
        .step_up(Access::Holds(SETTINGS), SCHOOL_YEAR_PAGE.path, post(settings::save))
        .holding(ACCOUNTS, "/students/{person}/days", get(days::show))
        .step_up(Access::Holds(ACCOUNTS), "/students/{person}/days", post(days::save))
        .holding(ACCOUNTS, "/guardians/{person}/days", get(days::show))
        .step_up(Access::Holds(ACCOUNTS), "/guardians/{person}/days", post(days::save))
}
