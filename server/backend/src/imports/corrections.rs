//! The cells that somebody has corrected, stored beside the file's rows and read in their place.

use domain::ids::ImportId;
use domain::imports::remark::Remark;
use sqlx::PgConnection;
use uuid::Uuid;

use super::parts::FilePart;
use crate::{Error, Result};

/// A cell to correct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Correction {
    pub(super) row: u32,
    pub(super) column: u32,
    pub(super) value: String,
    /// Whether the whole row was looked at.
    pub(super) of_whole_row: bool,
}

#[derive(sqlx::FromRow)]
struct CorrectionRow {
    row_number: i32,
    column_index: i32,
    value: String,
    of_whole_row: bool,
}

/// Puts the corrected cells of some parts in their place, with a remark that says so.
pub(super) async fn apply(
    connection: &mut PgConnection,
    import: ImportId,
    parts: &mut [FilePart],
) -> Result<()> {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return Ok(()) };
    let corrections = sqlx::query_as::<_, CorrectionRow>(
        "SELECT row_number, column_index, value, of_whole_row FROM import_corrections
         WHERE import_id = $1 AND row_number BETWEEN $2 AND $3 ORDER BY row_number, column_index",
    )
    .bind(import.0)
    .bind(first.first)
    .bind(last.last)
    .fetch_all(connection)
    .await?;
    for correction in corrections {
        let number = u32::try_from(correction.row_number).map_err(Error::unexpected)?;
        let column = usize::try_from(correction.column_index).map_err(Error::unexpected)?;
        let Some(part) = parts.iter_mut().find(|part| correction.row_number <= part.last) else { continue };
        let Ok(at) = part.rows.binary_search_by_key(&number, |(number, _)| *number) else { continue };
        let Some((_, cells)) = part.rows.get_mut(at) else { continue };
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        let was = std::mem::replace(&mut cells[column], correction.value);
        let remarks = part.remarks.entry(number).or_default();
        // What was said of the cell in the file is not true of this one.
        remarks.retain(|remark| {
            let is_solved = matches!(remark, Remark::Reject(_)) && correction.of_whole_row;
            remark.column() != Some(column) && !is_solved
        });
        if cells[column] != was {
            remarks.push(Remark::Corrected { column, was });
        }
    }
    Ok(())
}

/// Stores corrections, each in place of an earlier one of the same cell.
pub(super) async fn put(
    connection: &mut PgConnection,
    (organisation, import): (Uuid, ImportId),
    (by, at): (Option<Uuid>, chrono::DateTime<chrono::Utc>),
    corrections: &[Correction],
) -> Result<()> {
    let number = |number: u32| i32::try_from(number).map_err(Error::unexpected);
    let rows: Vec<i32> = corrections.iter().map(|of| number(of.row)).collect::<Result<_>>()?;
    let columns: Vec<i32> = corrections.iter().map(|of| number(of.column)).collect::<Result<_>>()?;
    sqlx::query(
        "INSERT INTO import_corrections (organisation_id, import_id, row_number, column_index, value, of_whole_row, corrected_by, corrected_at)
         SELECT $1, $2, c.number, c.at, c.value, c.whole, $7, $8
         FROM unnest($3::integer[], $4::integer[], $5::text[], $6::boolean[]) AS c (number, at, value, whole)
         ON CONFLICT ON CONSTRAINT import_corrections_pkey
         DO UPDATE SET value = EXCLUDED.value, of_whole_row = import_corrections.of_whole_row OR EXCLUDED.of_whole_row,
                       corrected_by = EXCLUDED.corrected_by, corrected_at = EXCLUDED.corrected_at",
    )
    .bind(organisation)
    .bind(import.0)
    .bind(rows)
    .bind(columns)
    .bind(corrections.iter().map(|of| of.value.as_str()).collect::<Vec<_>>())
    .bind(corrections.iter().map(|of| of.of_whole_row).collect::<Vec<_>>())
    .bind(by)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes back every correction of a file.
pub(super) async fn clear(
    connection: &mut PgConnection,
    (organisation, import): (Uuid, ImportId),
) -> Result<()> {
    sqlx::query("DELETE FROM import_corrections WHERE organisation_id = $1 AND import_id = $2")
        .bind(organisation)
        .bind(import.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Deletes the corrections of columns that are not imported: their cells are not kept.
pub(super) async fn keep_only(
    connection: &mut PgConnection,
    (organisation, import): (Uuid, ImportId),
    wanted: &[bool],
) -> Result<()> {
    sqlx::query(
        "DELETE FROM import_corrections
         WHERE organisation_id = $1 AND import_id = $2 AND ($3::boolean[])[column_index + 1] IS NOT TRUE",
    )
    .bind(organisation)
    .bind(import.0)
    .bind(wanted)
    .execute(connection)
    .await?;
    Ok(())
}

/// The number of rows with a corrected cell.
pub(super) async fn count(
    connection: &mut PgConnection,
    (organisation, import): (Uuid, ImportId),
) -> Result<u32> {
    let count: i64 = sqlx::query_scalar(
        "SELECT count(DISTINCT row_number) FROM import_corrections WHERE organisation_id = $1 AND import_id = $2",
    )
    .bind(organisation)
    .bind(import.0)
    .fetch_one(connection)
    .await?;
    u32::try_from(count).map_err(Error::unexpected)
}
