//! Bringing back an address that was removed a short while ago.

use chrono::{DateTime, TimeDelta, Utc};
use domain::authorization::actor::Actor;
use domain::ids::{AddressId, OrganisationId, PersonId};
use domain::roll::address::AddressKind;
use domain::roll::views::{AddressView, RemovedAddress};
use sqlx::PgConnection;
use uuid::Uuid;

use super::moved::EmailsBefore;
use crate::credentials::disown::note_ended;
use crate::{Backend, Error, Result};

/// How long a removed address can be brought back.
pub(crate) const KEPT: TimeDelta = TimeDelta::days(7);

#[derive(sqlx::FromRow)]
struct RemovedAddressRow {
    id: Uuid,
    kind: String,
    value: String,
    was_primary: bool,
    removed_at: DateTime<Utc>,
}

/// Stores an address that is about to be removed.
pub(super) async fn keep(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    address: AddressId,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO removed_addresses
             (id, organisation_id, person_id, kind, value, comparable, was_primary, created_at, removed_at)
         SELECT id, organisation_id, person_id, kind, value, comparable, is_primary, created_at, $3
         FROM addresses WHERE organisation_id = $1 AND id = $2",
    )
    .bind(organisation.0)
    .bind(address.0)
    .bind(backend.now())
    .execute(connection)
    .await?;
    Ok(())
}

/// Returns a person's addresses that can be brought back, the latest removed first.
pub(crate) async fn removed(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<Vec<RemovedAddress>> {
    let rows: Vec<RemovedAddressRow> = sqlx::query_as(
        "SELECT id, kind, value, was_primary, removed_at FROM removed_addresses
         WHERE organisation_id = $1 AND person_id = $2 AND removed_at > $3 ORDER BY removed_at DESC, id",
    )
    .bind(organisation.0)
    .bind(person.0)
    .bind(backend.now() - KEPT)
    .fetch_all(&mut *connection)
    .await?;
    let mut removed = Vec::with_capacity(rows.len());
    for row in rows {
        let mut ended = 0;
        for given in backend.rooms.given_out {
            ended += given
                .ended_with(backend, connection, organisation, (AddressId(row.id), row.removed_at))
                .await?;
        }
        removed.push(RemovedAddress {
            id: AddressId(row.id),
            kind: super::kind(&row.kind)?,
            value: row.value,
            was_primary: row.was_primary,
            removed_at: row.removed_at,
            ended,
        });
    }
    Ok(removed)
}

/// Brings a removed address back as it was, with the invitations that ended with it, and returns all of the person's
/// addresses. Links and codes for a new password stay ended: they are quickly asked for again.
pub async fn restore(
    backend: &Backend,
    actor: &Actor,
    person: PersonId,
    address: AddressId,
) -> Result<Vec<AddressView>> {
    let mut transaction = super::begin(backend, actor, person).await?;
    let organisation = actor.organisation;
    let row = sqlx::query_as::<_, RemovedAddressRow>(
        "SELECT id, kind, value, was_primary, removed_at FROM removed_addresses
         WHERE organisation_id = $1 AND person_id = $2 AND id = $3 AND removed_at > $4",
    )
    .bind(organisation.0)
    .bind(person.0)
    .bind(address.0)
    .bind(backend.now() - KEPT)
    .fetch_optional(&mut *transaction)
    .await?
    .ok_or(Error::NotFound("address"))?;
    let kind = super::kind(&row.kind)?;
    super::refuse_own_email(actor, person, kind)?;
    let before = EmailsBefore::of(&mut transaction, organisation, &[person.0]).await?;
    let mut disowned = Vec::new();
    if row.was_primary {
        if kind == AddressKind::Email {
            let right = super::parse(kind, &row.value)?.comparable;
            disowned = super::disown_primary(backend, &mut transaction, actor, person, &right).await?;
        }
        sqlx::query(
            "UPDATE addresses SET is_primary = false
             WHERE organisation_id = $1 AND person_id = $2 AND kind = $3 AND is_primary",
        )
        .bind(organisation.0)
        .bind(person.0)
        .bind(kind.slug())
        .execute(&mut *transaction)
        .await?;
    }
    sqlx::query(
        "WITH back AS (
             DELETE FROM removed_addresses WHERE organisation_id = $1 AND id = $2
             RETURNING id, organisation_id, person_id, kind, value, comparable, was_primary, created_at
         )
         INSERT INTO addresses (id, organisation_id, person_id, kind, value, comparable, is_primary, created_at, chosen_by, chosen_at)
         SELECT id, organisation_id, person_id, kind, value, comparable,
                was_primary OR NOT EXISTS (SELECT FROM addresses o WHERE o.person_id = back.person_id AND o.kind = back.kind AND o.is_primary),
                created_at, $3, $4
         FROM back",
    )
    .bind(organisation.0)
    .bind(address.0)
    .bind(actor.account().map(|account| account.0))
    .bind(backend.now())
    .execute(&mut *transaction)
    .await
    .map_err(super::refused(kind))?;
    for given in backend.rooms.given_out {
        given.restore_sent_to(backend, &mut transaction, organisation, (address, row.removed_at)).await?;
    }
    let moved = before.settle(backend, &mut transaction, actor).await?;
    super::alert(backend, &mut transaction, actor, &moved).await?;
    note_ended(backend, &mut transaction, actor, &disowned).await?;
    super::note(backend, &mut transaction, actor, person, (address, kind), "restored").await?;
    let addresses = super::of(&mut transaction, organisation, person).await?;
    transaction.commit().await?;
    Ok(addresses)
}
