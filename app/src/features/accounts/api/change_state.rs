//! Disabling, enabling, unlocking and closing accounts.

use domain::accounts::action::{AccountAction, ActionOutcome};
use domain::ids::SchoolId;
use domain::roll::selection::Selection;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/change_state", holding ManageAccounts, step_up);

/// Applies an action to the accounts of the selected people. Returns what changed and who was skipped.
#[server(endpoint = "accounts/change_state", input = Json, output = Json)]
pub async fn change_state(
    school: SchoolId,
    selection: Selection,
    action: AccountAction,
) -> Result<ActionOutcome, AppError> {
    let entered = crate::guard::enter("accounts/change_state")?;
    crate::guard::answer(
        backend::accounts::change_state::change_state(
            &entered.backend,
            &entered.actor,
            school,
            &selection,
            action,
        )
        .await,
    )
}
