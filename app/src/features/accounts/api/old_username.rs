//! Stopping old usernames early.

use domain::ids::{PersonId, SchoolId};
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/stop_old_usernames", holding ManageAccounts, step_up);

/// Stops the sign-in by a student's old usernames, or undoes that. Returns how many usernames.
#[server(endpoint = "accounts/stop_old_usernames", input = Json, output = Json)]
pub async fn stop_old_usernames(school: SchoolId, person: PersonId, stop: bool) -> Result<u64, AppError> {
    let entered = crate::guard::enter("accounts/stop_old_usernames")?;
    let student = (backend::accounts::create::Among::Students, person);
    crate::guard::answer(
        backend::accounts::old_username::stop_old_usernames(
            &entered.backend,
            &entered.actor,
            school,
            student,
            stop,
        )
        .await,
    )
}
