//! What staff change by hand, so that no import overwrites it unasked.

use domain::authorization::actor::Actor;
use domain::ids::{AddressId, OrganisationId, PersonId};
use domain::roll::address::AddressKind;
use domain::roll::import::people::EditedFields;
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

use crate::{Backend, Result};

/// Notes that someone changed where a person's messages go: the address is the primary one now, or was removed.
pub(crate) async fn note_address(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    person: PersonId,
    (address, kind): (AddressId, AddressKind),
) -> Result<()> {
    sqlx::query(
        "INSERT INTO field_edits (organisation_id, person_id, field, edited_by, edited_at)
         SELECT $1, $2, $3, $4, $5
         WHERE NOT EXISTS (SELECT FROM addresses WHERE organisation_id = $1 AND id = $6 AND NOT is_primary)
         ON CONFLICT ON CONSTRAINT field_edits_pkey
         DO UPDATE SET edited_by = EXCLUDED.edited_by, edited_at = EXCLUDED.edited_at",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .bind(kind.slug())
    .bind(actor.account().map(|account| account.0))
    .bind(backend.now())
    .bind(address.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// The fields of an organisation's people that were changed by hand.
pub(crate) async fn all(
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<HashMap<Uuid, EditedFields>> {
    let rows: Vec<(Uuid, String)> =
        sqlx::query_as("SELECT person_id, field FROM field_edits WHERE organisation_id = $1")
            .bind(organisation.0)
            .fetch_all(connection)
            .await?;
    let mut edited: HashMap<Uuid, EditedFields> = HashMap::new();
    for (person, field) in rows {
        edited.entry(person).or_default().add(&field);
    }
    Ok(edited)
}
