//! Saving a plan.

use domain::accounts::batch::SaveOutcome;
use domain::accounts::naming::Naming;
use domain::ids::SchoolId;
use domain::operations::plan::PlanHash;
use domain::roll::selection::Selection;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/save", holding ManageAccounts);

/// Creates exactly the accounts of the plan that was shown, or returns what has changed or that approval is
/// needed.
#[server(endpoint = "accounts/save", input = Json, output = Json)]
pub async fn save_accounts(
    school: SchoolId,
    selection: Selection,
    naming: Naming,
    seen: PlanHash,
) -> Result<SaveOutcome, AppError> {
    let entered = crate::guard::enter("accounts/save")?;
    crate::guard::answer(
        backend::accounts::create::save(
            &entered.backend,
            &entered.actor,
            school,
            &selection,
            &naming,
            backend::operations::ExpectedPlan::Plan(seen),
        )
        .await,
    )
}
