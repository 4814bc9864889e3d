//! Correcting an address.

use domain::authorization::actor::Actor;
use domain::ids::{AddressId, PersonId};
use domain::roll::views::AddressView;

use super::Change;
use crate::{Backend, Result};

/// Puts what was typed in place of an address, and answers with all of them. Messages that still wait go to the new
/// one; what went to the old one opens nothing any more, since someone else may read it there.
pub async fn edit(
    backend: &Backend,
    actor: &Actor,
    person: PersonId,
    address: AddressId,
    typed: &str,
) -> Result<Vec<AddressView>> {
    let mut change = Change::begin(backend, actor, person, address).await?;
    let parsed = super::parse(change.kind, typed)?;
    change.end_what_was_sent(backend, actor).await?;
    sqlx::query(
        "UPDATE addresses SET value = $4, comparable = $5 WHERE organisation_id = $1 AND person_id = $2 AND id = $3",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(address.0)
    .bind(parsed.value)
    .bind(parsed.comparable)
    .execute(&mut *change.transaction)
    .await
    .map_err(super::refused(change.kind))?;
    change.finish(backend, actor, "changed").await
}
