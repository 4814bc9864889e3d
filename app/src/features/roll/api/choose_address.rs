//! Choosing the address for messages.

use domain::ids::{AddressId, PersonId};
use domain::roll::views::AddressView;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("roll/choose_address", holding EditContacts, step_up);

/// Makes this the address for messages. Returns all of the person's addresses.
#[server(endpoint = "roll/choose_address", input = Json, output = Json)]
pub async fn choose_address(person: PersonId, address: AddressId) -> Result<Vec<AddressView>, AppError> {
    let entered = crate::guard::enter("roll/choose_address")?;
    crate::guard::answer(
        backend::roll::addresses::make_primary(&entered.backend, &entered.actor, person, address).await,
    )
}
