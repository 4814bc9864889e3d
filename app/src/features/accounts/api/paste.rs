//! Lists that are pasted.

use domain::accounts::paste::outcome::{PasteOutcome, PastePlace};
use domain::accounts::paste::plan::PastePlan;
use domain::accounts::paste::{PasteInto, PastedRow};
use domain::ids::SchoolId;
use domain::operations::plan::PlanHash;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/paste_place", holding ManageAccounts);

/// Says where the people of a list would go.
#[server(endpoint = "accounts/paste_place", input = Json, output = Json)]
pub async fn find_paste_place(school: SchoolId, into: PasteInto) -> Result<PastePlace, AppError> {
    let entered = crate::guard::enter("accounts/paste_place")?;
    crate::guard::answer(
        backend::accounts::paste::place(&entered.backend, &entered.actor, school, &into).await,
    )
}

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/paste_check", holding ManageAccounts);

/// Says what a list would do, row by row.
#[server(endpoint = "accounts/paste_check", input = Json, output = Json)]
pub async fn check_paste(
    school: SchoolId,
    into: PasteInto,
    rows: Vec<PastedRow>,
) -> Result<PastePlan, AppError> {
    let entered = crate::guard::enter("accounts/paste_check")?;
    let content = backend::accounts::paste::PasteContent { into, rows };
    crate::guard::answer(
        backend::accounts::paste::check(&entered.backend, &entered.actor, school, content).await,
    )
}

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/paste_create", holding ManageAccounts);

/// Creates exactly the accounts of the list that was shown, or returns what has changed or that approval is needed.
#[server(endpoint = "accounts/paste_create", input = Json, output = Json)]
pub async fn create_pasted(
    school: SchoolId,
    into: PasteInto,
    rows: Vec<PastedRow>,
    seen: PlanHash,
) -> Result<PasteOutcome, AppError> {
    let entered = crate::guard::enter("accounts/paste_create")?;
    let content = backend::accounts::paste::PasteContent { into, rows };
    let expected = backend::operations::ExpectedPlan::Plan(seen);
    crate::guard::answer(
        backend::accounts::paste::create(&entered.backend, &entered.actor, school, content, expected).await,
    )
}
