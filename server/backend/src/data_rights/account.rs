//! Erasing what accounts held: the one way for an erasure of a person and for the night, so that both delete the same.

use std::collections::BTreeMap;

use domain::data_rights::held::ErasedWhat;
use domain::ids::{OrganisationId, PersonId};
use serde_json::{Map, Value, json};
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use super::catalogue::of_accounts;
use super::erased::{Erasure, note};
use crate::{Backend, Result};

/// The rows that were deleted or emptied, by table.
pub(super) type ErasedCounts = Map<String, Value>;

/// Erases what the accounts of these people held, writes the log of it, and closes accounts that are not closed.
/// `people` each with the school that erases it.
pub(crate) async fn erase_accounts(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    by: Option<Uuid>,
    people: &[(Uuid, PersonId)],
) -> Result<()> {
    let ids: Vec<Uuid> = people.iter().map(|(_, person)| person.0).collect();
    let mut counts = empty_accounts(backend, connection, organisation, &ids).await?;
    let erasures: Vec<Erasure> = people
        .iter()
        .map(|(school, person)| Erasure {
            school: *school,
            person: person.0,
            counts: counts.remove(&person.0).unwrap_or_default(),
        })
        .collect();
    note(backend, connection, organisation, (ErasedWhat::Account, by), &erasures).await
}

/// Deletes everything that hangs on the accounts of these people and empties the accounts; returns how many rows of each
/// table that were, by person. Who stopped an account stays known: it decides what becomes of somebody who comes back.
pub(super) async fn empty_accounts(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    people: &[Uuid],
) -> Result<BTreeMap<Uuid, ErasedCounts>> {
    let mut counts: BTreeMap<Uuid, ErasedCounts> = BTreeMap::new();
    for (table, delete) in of_accounts() {
        let gone = sqlx::query(delete).bind(organisation.0).bind(people).fetch_all(&mut *connection).await?;
        for row in gone {
            let (person, rows): (Uuid, i64) = (row.try_get(0)?, row.try_get(1)?);
            counts.entry(person).or_default().insert(table.to_owned(), json!(rows));
        }
    }
    let emptied: Vec<Uuid> = sqlx::query_scalar(
        "UPDATE accounts
         SET state = 'closed', closed_at = coalesce(closed_at, $3),
             suspended_at = CASE WHEN state = 'closed' OR suspended_at IS DISTINCT FROM roll_stopped_at THEN suspended_at END,
             locked_at = NULL, failed_attempts = 0, last_sign_in_at = NULL, second_factor_asked_at = NULL,
             email_moved_at = NULL, email_moved_by = NULL, staff_reset_at = NULL, staff_reset_by = NULL, portal_group = NULL, data_erased_at = $3
         WHERE organisation_id = $1 AND person_id = ANY($2)
         RETURNING person_id",
    )
    .bind(organisation.0)
    .bind(people)
    .bind(backend.now())
    .fetch_all(connection)
    .await?;
    for person in emptied {
        counts.entry(person).or_default().insert("accounts".to_owned(), json!(1));
    }
    Ok(counts)
}
