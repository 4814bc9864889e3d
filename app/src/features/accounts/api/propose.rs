//! A proposed account for a student.

use domain::accounts::plan::PlanRow;
use domain::ids::{PersonId, SchoolId};
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("accounts/propose", holding ManageAccounts);

/// Returns the username that one student would get, and any problem with it.
#[server(endpoint = "accounts/propose", input = Json, output = Json)]
pub async fn propose_account(school: SchoolId, person: PersonId) -> Result<PlanRow, AppError> {
    let entered = crate::guard::enter("accounts/propose")?;
    crate::guard::answer(
        backend::accounts::grant::propose(&entered.backend, &entered.actor, school, person).await,
    )
}
