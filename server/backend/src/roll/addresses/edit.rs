//! Correcting an address.

use domain::access::actor::Actor;
use domain::access::policy::{Permission, Resource};
use domain::ids::{AddressId, PersonId};
use domain::roll::views::AddressView;

use crate::invitations::revoke::revoke_sent_to;
use crate::roll::schools::reach_person;
use crate::{Backend, Result};

/// Puts what was typed in place of an address, and answers with all of them. Messages that still wait go to the new one;
/// invitations that went to the old one are dead, since somebody else may read them there.
pub async fn edit(
    backend: &Backend,
    actor: &Actor,
    person: PersonId,
    address: AddressId,
    typed: &str,
) -> Result<Vec<AddressView>> {
    backend.allow(actor, Permission::EditContacts, Resource::AnySchool(actor.organisation))?;
    reach_person(backend, actor, Permission::EditContacts, person).await?;
    let mut transaction = backend.within(actor.organisation).await?;
    super::lock(backend, &mut transaction, actor, person).await?;
    let kind = super::kind_of(&mut transaction, actor, person, address).await?;
    let parsed = super::parse(kind, typed)?;
    revoke_sent_to(&mut transaction, actor.organisation, address, backend.now()).await?;
    sqlx::query(
        "UPDATE addresses SET value = $4, comparable = $5 WHERE organisation_id = $1 AND person_id = $2 AND id = $3",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(address.0)
    .bind(parsed.value)
    .bind(parsed.comparable)
    .execute(&mut *transaction)
    .await
    .map_err(super::refused(kind))?;
    super::note(backend, &mut transaction, actor, person, (address, kind), "changed").await?;
    let addresses = super::of(&mut transaction, actor.organisation, person).await?;
    transaction.commit().await?;
    Ok(addresses)
}
