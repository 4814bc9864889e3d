//! Removing an address.

use domain::authorization::actor::Actor;
use domain::ids::{AddressId, PersonId};
use domain::roll::views::AddressView;

use super::{AddressEdit, restore};
use crate::{Backend, Result};

/// Removes an address, and returns the remaining ones. If it was the primary one, the oldest of its kind
/// becomes primary; messages queued for it fail and are shown to staff. Links and codes sent to it stop
/// working, and what was opened with one of them ends. For a few days [`restore`](super::restore()) brings it back.
pub async fn remove(
    backend: &Backend,
    actor: &Actor,
    person: PersonId,
    address: AddressId,
) -> Result<Vec<AddressView>> {
    let mut change = AddressEdit::begin(backend, actor, person, address).await?;
    if change.is_primary(actor).await? {
        change.end_what_it_opened(backend, actor, "").await?;
    }
    restore::keep(backend, &mut change.transaction, actor.organisation, address).await?;
    change.end_what_was_sent(backend, actor).await?;
    sqlx::query("DELETE FROM addresses WHERE organisation_id = $1 AND person_id = $2 AND id = $3")
        .bind(actor.organisation.0)
        .bind(person.0)
        .bind(address.0)
        .execute(&mut *change.transaction)
        .await?;
    sqlx::query(
        "UPDATE addresses SET is_primary = true, chosen_by = $4, chosen_at = $5
         WHERE id = (SELECT id FROM addresses WHERE organisation_id = $1 AND person_id = $2 AND kind = $3
                     ORDER BY created_at, id LIMIT 1)
           AND NOT EXISTS (SELECT FROM addresses WHERE person_id = $2 AND kind = $3 AND is_primary)",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(change.kind.slug())
    .bind(actor.account().map(|account| account.0))
    .bind(backend.now())
    .execute(&mut *change.transaction)
    .await?;
    change.finish(backend, actor, "removed").await
}
