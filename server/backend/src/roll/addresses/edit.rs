//! Correcting an address.

use domain::authorization::actor::Actor;
use domain::ids::{AddressId, PersonId};
use domain::roll::views::AddressView;

use super::AddressEdit;
use crate::{Backend, Result};

/// Replaces an address with the typed one, and returns all of the person's addresses. Queued messages go to
/// the new address; links and codes sent to the old one stop working, because someone else may read them
/// there, and what they activated with one of them ends.
pub async fn edit(
    backend: &Backend,
    actor: &Actor,
    person: PersonId,
    address: AddressId,
    typed: &str,
) -> Result<Vec<AddressView>> {
    let mut change = AddressEdit::begin(backend, actor, person, address).await?;
    let parsed = super::parse(change.kind, typed)?;
    if change.is_primary(actor).await? {
        change.end_what_it_opened(backend, actor, &parsed.comparable).await?;
    }
    change.end_what_was_sent(backend, actor).await?;
    sqlx::query(
        "UPDATE addresses SET value = $4, comparable = $5, created_at = $6,
                chosen_by = CASE WHEN comparable = $5 THEN chosen_by ELSE $7 END,
                chosen_at = CASE WHEN comparable = $5 THEN chosen_at ELSE $6 END
         WHERE organisation_id = $1 AND person_id = $2 AND id = $3",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(address.0)
    .bind(parsed.value)
    .bind(parsed.comparable)
    // It is another address from now on: a provider does not speak for one that staff have just typed.
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .execute(&mut *change.transaction)
    .await
    .map_err(super::refused(change.kind))?;
    change.count_what_is_queued(backend, actor).await?;
    change.finish(backend, actor, "changed").await
}
