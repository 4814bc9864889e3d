//! Which cells of a file are kept: those of the columns that are imported. Until somebody has checked the columns,
//! the cells of the others stand apart, in `import_parts.spare`, so that another choice is still possible. The
//! first simulation deletes them. Cells of columns that may hold secrets are never stored.

use std::collections::BTreeMap;

use domain::fields::FieldErrors;
use domain::imports::dates::evidence::OrderEvidence;
use domain::imports::mapping::{ColumnMatch, LeftOut, Mapping};
use domain::imports::remark::Remark;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::corrections;
use super::parts;
use super::queries::StoredImport;
use crate::{Error, Result};

/// The rows of a part: their numbers and cells.
type Rows = Vec<(u32, Vec<String>)>;

/// What is done with the cells of each column when a file is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeptColumns {
    /// The columns that are matched to a field.
    pub(super) kept: Vec<bool>,
    /// The columns that could still be.
    pub(super) spare: Vec<bool>,
}

impl KeptColumns {
    pub(super) fn of(mapping: &Mapping) -> Self {
        let columns = mapping.columns();
        Self {
            kept: columns.iter().map(is_imported).collect(),
            spare: columns.iter().map(|column| !is_imported(column) && !column.is_gone()).collect(),
        }
    }

    /// Whether any cells stand apart.
    pub(super) fn has_spare(&self) -> bool {
        self.spare.contains(&true)
    }
}

fn is_imported(column: &ColumnMatch) -> bool {
    column.field.is_some()
}

/// The cells of these columns, with the others empty.
pub(super) fn only(cells: &[String], columns: &[bool]) -> Vec<String> {
    let cells = cells.iter().zip(columns);
    cells.map(|(cell, is_wanted)| if *is_wanted { cell.clone() } else { String::new() }).collect()
}

/// Refuses columns whose cells are gone, and keeps the reason with them.
pub(super) fn still_there(before: &Mapping, after: Mapping) -> Result<Mapping> {
    let mut errors = FieldErrors::default();
    let mut columns: Vec<ColumnMatch> = after.into();
    for (at, (before, after)) in before.columns().iter().zip(&mut columns).enumerate() {
        let Some(why) = before.why_gone() else { continue };
        if is_imported(after) {
            errors.push(&Mapping::form_field(at), why);
        }
        after.why = before.why;
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    Mapping::try_from(columns).map_err(Error::unexpected)
}

/// Keeps the cells of the columns that are imported, and deletes all others.
pub(super) async fn settle(connection: &mut PgConnection, import: &mut StoredImport) -> Result<()> {
    let wanted: Vec<bool> = import.mapping.columns().iter().map(is_imported).collect();
    if import.kept.as_ref() == Some(&wanted) {
        sqlx::query(
            "UPDATE import_parts SET spare = NULL WHERE organisation_id = $1 AND import_id = $2 AND spare IS NOT NULL",
        )
        .bind(import.organisation.0)
        .bind(import.id.0)
        .execute(&mut *connection)
        .await?;
    } else {
        rewrite(connection, import, &wanted).await?;
    }
    corrections::keep_only(connection, (import.organisation.0, import.id), &wanted).await?;
    let is_wanted = |at: usize| wanted.get(at) == Some(&true);
    forget_remarks(connection, import, is_wanted).await?;
    if let Some(text) = import.reading.as_mut().and_then(|reading| reading.text.as_mut()) {
        text.keep_only(is_wanted);
    }
    let mut columns: Vec<ColumnMatch> = std::mem::take(&mut import.mapping).into();
    for column in columns.iter_mut().filter(|column| !is_imported(column) && !column.is_gone()) {
        column.why = Some(LeftOut::NotKept);
    }
    import.mapping = Mapping::try_from(columns).map_err(Error::unexpected)?;
    // The examples of dates go with their columns.
    for (evidence, _) in
        import.date_orders.iter_mut().flatten().zip(&wanted).filter(|(_, is_wanted)| !**is_wanted)
    {
        *evidence = OrderEvidence::default();
    }
    sqlx::query(
        "UPDATE imports SET kept = $3, mapping = $4, date_orders = $5, reading = $6 WHERE organisation_id = $1 AND id = $2",
    )
    .bind(import.organisation.0)
    .bind(import.id.0)
    .bind(&wanted)
    .bind(Json(&import.mapping))
    .bind(import.date_orders.as_ref().map(Json))
    .bind(import.reading.as_ref().map(Json))
    .execute(connection)
    .await?;
    import.kept = Some(wanted);
    Ok(())
}

/// Deletes what was found out about cells of columns that are not imported.
async fn forget_remarks(
    connection: &mut PgConnection,
    import: &StoredImport,
    is_wanted: impl Fn(usize) -> bool,
) -> Result<()> {
    let has_forgotten = |column: &ColumnMatch| !is_imported(column) && !column.is_gone();
    if !import.mapping.columns().iter().any(has_forgotten) {
        return Ok(());
    }
    let mut last = 0;
    loop {
        let parts: Vec<(i32, String)> = sqlx::query_as::<_, (i32, String)>(
            "SELECT first_row, remarks FROM import_parts
             WHERE organisation_id = $1 AND import_id = $2 AND first_row > $3 AND remarks IS NOT NULL
             ORDER BY first_row LIMIT $4",
        )
        .bind(import.organisation.0)
        .bind(import.id.0)
        .bind(last)
        .bind(PARTS)
        .fetch_all(&mut *connection)
        .await?;
        let Some((first, _)) = parts.last() else { return Ok(()) };
        last = *first;
        for (first, text) in parts {
            let mut remarks: BTreeMap<u32, Vec<Remark>> =
                serde_json::from_str(&text).map_err(Error::unexpected)?;
            for of_row in remarks.values_mut() {
                of_row.retain(|remark| remark.column().is_none_or(&is_wanted));
            }
            remarks.retain(|_, of_row| !of_row.is_empty());
            let kept = (!remarks.is_empty()).then(|| serde_json::to_string(&remarks));
            sqlx::query(
                "UPDATE import_parts SET remarks = $4 WHERE organisation_id = $1 AND import_id = $2 AND first_row = $3",
            )
            .bind(import.organisation.0)
            .bind(import.id.0)
            .bind(first)
            .bind(kept.transpose().map_err(Error::unexpected)?)
            .execute(&mut *connection)
            .await?;
        }
    }
}

#[derive(sqlx::FromRow)]
struct SparePart {
    first_row: i32,
    rows: String,
    remarks: Option<String>,
    spare: Option<String>,
}

/// The number of parts rewritten at a time.
const PARTS: i64 = 5;

/// The next parts of a file after a row; 0 for the first.
async fn parts_after(
    connection: &mut PgConnection,
    import: &StoredImport,
    after: i32,
    limit: i64,
) -> Result<Vec<SparePart>> {
    Ok(sqlx::query_as::<_, SparePart>(
        "SELECT first_row, rows, remarks, spare FROM import_parts
         WHERE organisation_id = $1 AND import_id = $2 AND first_row > $3 ORDER BY first_row LIMIT $4",
    )
    .bind(import.organisation.0)
    .bind(import.id.0)
    .bind(after)
    .bind(limit)
    .fetch_all(connection)
    .await?)
}

/// Writes every part again, with the cells of these columns only.
async fn rewrite(connection: &mut PgConnection, import: &StoredImport, wanted: &[bool]) -> Result<()> {
    let mut last = 0;
    loop {
        let parts = parts_after(connection, import, last, PARTS).await?;
        let Some(part) = parts.last() else { return Ok(()) };
        last = part.first_row;
        let (mut firsts, mut texts) = (Vec::new(), Vec::new());
        for part in parts {
            let rows: Rows = merged(&part.rows, part.spare.as_deref())?;
            let rows: Rows = rows.into_iter().map(|(number, cells)| (number, only(&cells, wanted))).collect();
            firsts.push(part.first_row);
            texts.push(serde_json::to_string(&rows).map_err(Error::unexpected)?);
        }
        sqlx::query(
            "UPDATE import_parts p SET rows = n.rows, spare = NULL
             FROM unnest($3::integer[], $4::text[]) AS n (first_row, rows)
             WHERE p.organisation_id = $1 AND p.import_id = $2 AND p.first_row = n.first_row",
        )
        .bind(import.organisation.0)
        .bind(import.id.0)
        .bind(firsts)
        .bind(texts)
        .execute(&mut *connection)
        .await?;
    }
}

/// The first part's rows with all cells that are still there: what the page shows of each column.
pub(super) async fn first_rows(connection: &mut PgConnection, import: &StoredImport) -> Result<Rows> {
    let part = parts_after(connection, import, 0, 1).await?.pop();
    part.map_or(Ok(Vec::new()), |part| merged(&part.rows, part.spare.as_deref()))
}

/// Some rows after a row, with all cells that are still there, and the number of their last; `None` after the end.
/// Without those that are no records, such as a total.
pub(super) async fn records_after(
    connection: &mut PgConnection,
    import: &StoredImport,
    after: i32,
) -> Result<Option<(i32, Rows)>> {
    let parts = parts_after(connection, import, after, PARTS).await?;
    let Some(last) = parts.last().map(|part| part.first_row) else { return Ok(None) };
    let mut rows = Vec::new();
    for part in parts {
        let remarks = parts::remarks(part.remarks.as_deref())?;
        let is_record = |number: &u32| {
            !remarks.get(number).is_some_and(|all| all.iter().any(|it| it.decides().is_some()))
        };
        let merged = merged(&part.rows, part.spare.as_deref())?;
        rows.extend(merged.into_iter().filter(|(number, _)| is_record(number)));
    }
    Ok(Some((last, rows)))
}

/// The cells that are kept, with those that stand apart.
fn merged(rows: &str, spare: Option<&str>) -> Result<Rows> {
    let mut rows: Rows = serde_json::from_str(rows).map_err(Error::unexpected)?;
    let spare: Option<Rows> = spare.map(serde_json::from_str).transpose().map_err(Error::unexpected)?;
    for ((_, cells), (_, spare)) in rows.iter_mut().zip(spare.into_iter().flatten()) {
        for (cell, spare) in cells.iter_mut().zip(spare).filter(|(_, spare)| !spare.is_empty()) {
            *cell = spare;
        }
    }
    Ok(rows)
}
