//! What the office has decided about the rows that an import holds back.

use domain::ids::{ImportId, PersonId};
use domain::imports::held::{ChoiceKind, Choices, HeldChoice, HeldReason};
use sqlx::PgConnection;
use uuid::Uuid;

use super::kind::Importing;
use crate::{Error, Result};

#[derive(sqlx::FromRow)]
struct ChoiceRow {
    row_number: i32,
    reason: String,
    choice: String,
    person_id: Option<Uuid>,
    of_row: Option<i32>,
}

/// Returns all decisions about an import's rows.
pub(super) async fn all(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<Choices> {
    let rows = sqlx::query_as::<_, ChoiceRow>(
        "SELECT row_number, reason, choice, person_id, of_row FROM import_choices
         WHERE organisation_id = $1 AND import_id = $2",
    )
    .bind(cx.school.organisation.0)
    .bind(cx.import.0)
    .fetch_all(connection)
    .await?;
    let mut choices = Choices::default();
    for row in rows {
        let unknown = || Error::unexpected(format!("choice {} for {}", row.choice, row.reason));
        let reason = HeldReason::from_slug(&row.reason).ok_or_else(unknown)?;
        let kind = ChoiceKind::from_slug(&row.choice).ok_or_else(unknown)?;
        let number = u32::try_from(row.row_number).map_err(Error::unexpected)?;
        let of_row = row.of_row.map(u32::try_from).transpose().map_err(Error::unexpected)?;
        choices.add(number, reason, HeldChoice { kind, person: row.person_id.map(PersonId), row: of_row });
    }
    Ok(choices)
}

/// Stores decisions about rows, each in place of an earlier one about the same.
pub(super) async fn put(
    connection: &mut PgConnection,
    (organisation, import): (Uuid, ImportId),
    decided: &[(u32, HeldReason, HeldChoice)],
) -> Result<()> {
    let numbers: Vec<i32> = decided
        .iter()
        .map(|(row, ..)| i32::try_from(*row).map_err(Error::unexpected))
        .collect::<Result<_>>()?;
    let of_rows = decided.iter().map(|(_, _, choice)| choice.row.map(i32::try_from).transpose());
    let of_rows: Vec<Option<i32>> =
        of_rows.map(|row| row.map_err(Error::unexpected)).collect::<Result<_>>()?;
    sqlx::query(
        "INSERT INTO import_choices (organisation_id, import_id, row_number, of_address, of_rows, reason, choice, person_id, of_row, of_login)
         SELECT $1, $2, decided.*
         FROM unnest($3::integer[], $4::boolean[], $5::boolean[], $6::text[], $7::text[], $8::uuid[], $9::integer[], $10::boolean[])
              AS decided
         ON CONFLICT ON CONSTRAINT import_choices_pkey
         DO UPDATE SET reason = EXCLUDED.reason, choice = EXCLUDED.choice, person_id = EXCLUDED.person_id, of_row = EXCLUDED.of_row",
    )
    .bind(organisation)
    .bind(import.0)
    .bind(numbers)
    .bind(decided.iter().map(|(_, _, choice)| choice.kind.is_of_address()).collect::<Vec<_>>())
    .bind(decided.iter().map(|(_, reason, _)| reason.is_of_rows()).collect::<Vec<_>>())
    .bind(decided.iter().map(|(_, reason, _)| reason.slug()).collect::<Vec<_>>())
    .bind(decided.iter().map(|(_, _, choice)| choice.kind.slug()).collect::<Vec<_>>())
    .bind(decided.iter().map(|(_, _, choice)| choice.person.map(|person| person.0)).collect::<Vec<_>>())
    .bind(of_rows)
    .bind(decided.iter().map(|(_, _, choice)| choice.kind.is_of_login()).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes all decisions about an import's rows: its columns mean something else, or the office starts again.
pub(super) async fn clear(
    connection: &mut PgConnection,
    (organisation, import): (Uuid, ImportId),
) -> Result<()> {
    sqlx::query("DELETE FROM import_choices WHERE organisation_id = $1 AND import_id = $2")
        .bind(organisation)
        .bind(import.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// The number of decisions about an import's rows.
pub(super) async fn count(
    connection: &mut PgConnection,
    (organisation, import): (Uuid, ImportId),
) -> Result<u32> {
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM import_choices WHERE organisation_id = $1 AND import_id = $2",
    )
    .bind(organisation)
    .bind(import.0)
    .fetch_one(connection)
    .await?;
    u32::try_from(count).map_err(Error::unexpected)
}
