//! Adding an address.

use domain::authorization::actor::Actor;
use domain::ids::{AddressId, PersonId};
use domain::roll::address::AddressKind;
use domain::roll::views::AddressView;

use super::moved::EmailsBefore;
use crate::{Backend, Result};

/// Adds a typed address, and returns all of the person's addresses. The first of its kind becomes the primary
/// one.
pub async fn add(
    backend: &Backend,
    actor: &Actor,
    person: PersonId,
    kind: AddressKind,
    typed: &str,
) -> Result<Vec<AddressView>> {
    let mut transaction = super::begin(backend, actor, person).await?;
    super::refuse_own_email(actor, person, kind)?;
    let parsed = super::parse(kind, typed)?;
    let id: AddressId = backend.new_id();
    let before = EmailsBefore::of(&mut transaction, actor.organisation, &[person.0]).await?;
    sqlx::query(
        "INSERT INTO addresses (id, organisation_id, person_id, kind, value, comparable, is_primary, created_at, chosen_by, chosen_at)
         SELECT $1, $2, $3, $4, $5, $6,
                NOT EXISTS (SELECT FROM addresses WHERE person_id = $3 AND kind = $4 AND is_primary), $7, $8, $7",
    )
    .bind(id.0)
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(kind.slug())
    .bind(parsed.value)
    .bind(parsed.comparable)
    .bind(backend.now())
    .bind(actor.account().map(|account| account.0))
    .execute(&mut *transaction)
    .await
    .map_err(super::refused(kind))?;
    let moved = before.settle(backend, &mut transaction, actor).await?;
    super::alert(backend, &mut transaction, actor, &moved).await?;
    super::note(backend, &mut transaction, actor, person, (id, kind), "added").await?;
    let addresses = super::of(&mut transaction, actor.organisation, person).await?;
    transaction.commit().await?;
    Ok(addresses)
}
