//! Choosing the primary address.

use domain::authorization::actor::Actor;
use domain::ids::{AddressId, PersonId};
use domain::roll::views::AddressView;

use super::AddressEdit;
use crate::{Backend, Result};

/// Makes an address the primary one of its kind, and returns all of the person's addresses.
pub async fn make_primary(
    backend: &Backend,
    actor: &Actor,
    person: PersonId,
    address: AddressId,
) -> Result<Vec<AddressView>> {
    let mut change = AddressEdit::begin(backend, actor, person, address).await?;
    // The unique index checks each row as it is written, so the old primary address is cleared first.
    sqlx::query(
        "UPDATE addresses SET is_primary = false
         WHERE organisation_id = $1 AND person_id = $2 AND kind = $3 AND is_primary AND id <> $4",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(change.kind.slug())
    .bind(address.0)
    .execute(&mut *change.transaction)
    .await?;
    sqlx::query(
        "UPDATE addresses SET is_primary = true WHERE organisation_id = $1 AND id = $2 AND NOT is_primary",
    )
    .bind(actor.organisation.0)
    .bind(address.0)
    .execute(&mut *change.transaction)
    .await?;
    change.finish(backend, actor, "chosen").await
}
