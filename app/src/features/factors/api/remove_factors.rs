//! Removing a person's second factors.

use domain::ids::PersonId;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("factors/remove_factors", holding ManageAccounts, step_up);

/// Removes all second factors of a person who has lost them.
#[server(endpoint = "factors/remove_factors", input = Json, output = Json)]
pub async fn remove_factors(person: PersonId) -> Result<(), AppError> {
    let entered = crate::guard::enter("factors/remove_factors")?;
    crate::guard::answer(
        backend::factors::remove::remove_of_person(&entered.backend, &entered.actor, person).await,
    )
}
