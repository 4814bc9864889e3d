//! Removing an address.

use domain::ids::{AddressId, PersonId};
use domain::roll::views::AddressView;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("roll/remove_address", holding EditContacts, step_up);

/// Removes an address. Returns the remaining ones.
#[server(endpoint = "roll/remove_address", input = Json, output = Json)]
pub async fn remove_address(person: PersonId, address: AddressId) -> Result<Vec<AddressView>, AppError> {
    let entered = crate::guard::enter("roll/remove_address")?;
    crate::guard::answer(
        backend::roll::addresses::remove(&entered.backend, &entered.actor, person, address).await,
    )
}
