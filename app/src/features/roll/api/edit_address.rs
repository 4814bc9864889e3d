//! Correcting an address.

use domain::ids::{AddressId, PersonId};
use domain::roll::views::AddressView;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("roll/edit_address", holding EditContacts, step_up);

/// Replaces an address with the typed one. Returns all of the person's addresses.
#[server(endpoint = "roll/edit_address", input = Json, output = Json)]
pub async fn edit_address(
    person: PersonId,
    address: AddressId,
    typed: String,
) -> Result<Vec<AddressView>, AppError> {
    let entered = crate::guard::enter("roll/edit_address")?;
    crate::guard::answer(
        backend::roll::addresses::edit(&entered.backend, &entered.actor, person, address, &typed).await,
    )
}
