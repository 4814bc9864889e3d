//! Adding an address.

use domain::ids::PersonId;
use domain::roll::address::AddressKind;
use domain::roll::views::AddressView;
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("roll/add_address", holding EditContacts, step_up);

/// Adds an email address or phone number to a person. The first of its kind becomes the one for messages.
#[server(endpoint = "roll/add_address", input = Json, output = Json)]
pub async fn add_address(
    person: PersonId,
    kind: AddressKind,
    typed: String,
) -> Result<Vec<AddressView>, AppError> {
    let entered = crate::guard::enter("roll/add_address")?;
    crate::guard::answer(
        backend::roll::addresses::add(&entered.backend, &entered.actor, person, kind, &typed).await,
    )
}
