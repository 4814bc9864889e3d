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

/// Makes exactly the accounts of the plan that was seen, or says what changed, or that they wait for a second person.
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
            backend::operations::Expected::Plan(seen),
        )
        .await,
    )
}
