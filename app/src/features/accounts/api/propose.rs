//! The account that a student would be given.

use domain::accounts::plan::PlanRow;
use domain::ids::{PersonId, SchoolId};
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/propose", holding ManageAccounts);

/// The username that would be made for one student, and what stands in its way.
#[server(endpoint = "accounts/propose", input = Json, output = Json)]
pub async fn propose_account(school: SchoolId, person: PersonId) -> Result<PlanRow, AppError> {
    let entered = crate::guard::enter("accounts/propose")?;
    crate::guard::answer(
        backend::accounts::grant::propose(&entered.backend, &entered.actor, school, person).await,
    )
}
