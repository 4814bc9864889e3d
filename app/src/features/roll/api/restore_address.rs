//! Bringing back a removed address.

use domain::ids::{AddressId, PersonId};
use domain::roll::views::AddressView;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("roll/restore_address", holding EditContacts, step_up);

/// Brings back an address that was removed a short while ago. Returns all of the person's addresses.
#[server(endpoint = "roll/restore_address", input = Json, output = Json)]
pub async fn restore_address(person: PersonId, address: AddressId) -> Result<Vec<AddressView>, AppError> {
    let entered = crate::guard::enter("roll/restore_address")?;
    crate::guard::answer(
        backend::roll::addresses::restore(&entered.backend, &entered.actor, person, address).await,
    )
}
