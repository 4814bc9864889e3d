//! Choosing the primary address.

use domain::authorization::actor::Actor;
use domain::ids::{AddressId, PersonId};
use domain::roll::address::AddressKind;
use domain::roll::views::AddressView;

use super::AddressEdit;
use crate::{Backend, Result};

/// Makes an address the primary one of its kind, and returns all of the person's addresses. What was opened with a link
/// to the one before ends: it may have been wrong.
pub async fn make_primary(
    backend: &Backend,
    actor: &Actor,
    person: PersonId,
    address: AddressId,
) -> Result<Vec<AddressView>> {
    let mut change = AddressEdit::begin(backend, actor, person, address).await?;
    if change.kind == AddressKind::Email && !change.is_primary(actor).await? {
        let right: String =
            sqlx::query_scalar("SELECT comparable FROM addresses WHERE organisation_id = $1 AND id = $2")
                .bind(actor.organisation.0)
                .bind(address.0)
                .fetch_one(&mut *change.transaction)
                .await?;
        change.end_what_it_opened(backend, actor, &right).await?;
    }
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
        "UPDATE addresses SET is_primary = true, chosen_by = $3, chosen_at = $4
         WHERE organisation_id = $1 AND id = $2 AND NOT is_primary",
    )
    .bind(actor.organisation.0)
    .bind(address.0)
    .bind(actor.account().map(|account| account.0))
    .bind(backend.now())
    .execute(&mut *change.transaction)
    .await?;
    change.finish(backend, actor, "chosen").await
}
