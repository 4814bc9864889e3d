//! Removing a person's linked identities.

use domain::ids::PersonId;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("single_sign_on/remove_identities", holding ManageAccounts, step_up);

/// Removes all of a person's linked identities.
#[server(endpoint = "single_sign_on/remove_identities", input = Json, output = Json)]
pub async fn remove_identities(person: PersonId) -> Result<(), AppError> {
    let entered = crate::guard::enter("single_sign_on/remove_identities")?;
    crate::guard::answer(
        backend::single_sign_on::own::unlink_person(&entered.backend, &entered.actor, person).await,
    )
}
