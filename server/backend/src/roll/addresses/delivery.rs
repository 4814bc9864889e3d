//! The primary email address of a person, as its owner changes it.

use domain::ids::{AddressId, OrganisationId, PersonId};
use domain::roll::address::EmailAddress;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::credentials::revoke::revoke_everything_sent_to;
use crate::{Backend, Result};

/// Returns a person's primary email address, if any.
pub(crate) async fn of(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<Option<String>> {
    Ok(sqlx::query_scalar(
        "SELECT value FROM addresses WHERE organisation_id = $1 AND person_id = $2 AND kind = 'email' AND is_primary",
    )
    .bind(organisation.0)
    .bind(person.0)
    .fetch_optional(connection)
    .await?)
}

/// Replaces the primary email address, as [`super::edit`] does for staff. If the person already has the new
/// address, it becomes the primary one.
pub(crate) async fn put(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    person: PersonId,
    address: &EmailAddress,
) -> Result<()> {
    let now = backend.now();
    let before: Option<Uuid> = sqlx::query_scalar(
        "SELECT id FROM addresses WHERE organisation_id = $1 AND person_id = $2 AND kind = 'email' AND is_primary",
    )
    .bind(organisation.0)
    .bind(person.0)
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(before) = before {
        revoke_everything_sent_to(backend, connection, organisation, &[AddressId(before)]).await?;
    }
    sqlx::query(
        "DELETE FROM addresses
         WHERE organisation_id = $1 AND person_id = $2 AND kind = 'email' AND comparable = $3 AND NOT is_primary",
    )
    .bind(organisation.0)
    .bind(person.0)
    .bind(address.comparable())
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO addresses (id, organisation_id, person_id, kind, value, comparable, is_primary, created_at)
         VALUES ($1, $2, $3, 'email', $4, $5, true, $6)
         ON CONFLICT (person_id, kind) WHERE is_primary
         DO UPDATE SET value = excluded.value, comparable = excluded.comparable, chosen_by = NULL, chosen_at = NULL",
    )
    .bind(backend.new_id::<AddressId>().0)
    .bind(organisation.0)
    .bind(person.0)
    .bind(address.as_str())
    .bind(address.comparable())
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}
