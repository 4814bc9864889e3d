//! A file's rows and their log, stored in parts of [`PART`] rows: one database row per part.

use std::collections::BTreeMap;

use domain::ids::{ImportId, OrganisationId};
use domain::imports::outcome::{LogFilter, RowOutcome};
use domain::imports::remark::Remark;
use domain::imports::views::RowLine;
use sqlx::PgConnection;

use super::corrections;
use super::spare::{KeptColumns, only};
use crate::tables::RawRow;
use crate::{Error, Result};

/// The number of rows in a part: small enough that showing a page of the log reads little more than the page.
pub(super) const PART: usize = 1000;

/// A part of a file.
pub(super) struct FilePart {
    /// The number of its first row.
    pub(super) first: i32,
    /// The number of its last row.
    pub(super) last: i32,
    /// Its rows: number and cells.
    pub(super) rows: Vec<(u32, Vec<String>)>,
    /// What reading found out about rows, by number.
    pub(super) remarks: BTreeMap<u32, Vec<Remark>>,
    /// The log line of each row, once simulated.
    pub(super) log: Option<Vec<RowLine>>,
}

#[derive(sqlx::FromRow)]
struct PartRow {
    first_row: i32,
    last_row: i32,
    rows: String,
    remarks: Option<String>,
    log: Option<String>,
}

impl TryFrom<PartRow> for FilePart {
    type Error = Error;
    fn try_from(part: PartRow) -> Result<Self> {
        let log = part.log.as_deref().map(serde_json::from_str::<Vec<Option<RowLine>>>).transpose();
        Ok(Self {
            first: part.first_row,
            last: part.last_row,
            rows: serde_json::from_str(&part.rows).map_err(Error::unexpected)?,
            remarks: remarks(part.remarks.as_deref())?,
            log: log
                .map_err(Error::unexpected)?
                .map(|lines| lines.into_iter().map(Option::unwrap_or_default).collect()),
        })
    }
}

/// Reads the remarks of a part, by row number.
pub(super) fn remarks(stored: Option<&str>) -> Result<BTreeMap<u32, Vec<Remark>>> {
    stored.map_or(Ok(BTreeMap::new()), |remarks| serde_json::from_str(remarks).map_err(Error::unexpected))
}

/// Stores rows as they were read, with the cells of other columns apart from those that are imported.
pub(super) async fn keep(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    import: ImportId,
    columns: &KeptColumns,
    rows: &[RawRow],
) -> Result<()> {
    let number =
        |row: Option<&RawRow>| i32::try_from(row.map_or(0, |row| row.number)).map_err(Error::unexpected);
    let (mut firsts, mut lasts, mut texts, mut remarks) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut spares: Vec<Option<String>> = Vec::new();
    for part in rows.chunks(PART) {
        firsts.push(number(part.first())?);
        lasts.push(number(part.last())?);
        let cells = |wanted: &[bool]| -> Result<String> {
            let rows: Vec<_> = part.iter().map(|row| (row.number, only(&row.cells, wanted))).collect();
            serde_json::to_string(&rows).map_err(Error::unexpected)
        };
        texts.push(cells(&columns.kept)?);
        spares.push(columns.has_spare().then(|| cells(&columns.spare)).transpose()?);
        let told = part.iter().filter(|row| !row.remarks.is_empty());
        let told: BTreeMap<u32, &[Remark]> = told.map(|row| (row.number, row.remarks.as_slice())).collect();
        let told = (!told.is_empty()).then(|| serde_json::to_string(&told));
        remarks.push(told.transpose().map_err(Error::unexpected)?);
    }
    sqlx::query(
        "INSERT INTO import_parts (organisation_id, import_id, first_row, last_row, rows, remarks, spare)
         SELECT $1, $2, part.*
         FROM unnest($3::integer[], $4::integer[], $5::text[], $6::text[], $7::text[]) AS part (first_row, last_row, rows, remarks, spare)",
    )
    .bind(organisation.0)
    .bind(import.0)
    .bind(firsts)
    .bind(lasts)
    .bind(texts)
    .bind(remarks)
    .bind(spares)
    .execute(connection)
    .await?;
    Ok(())
}

/// Returns at most `limit` parts that have a row after `after`; with `filter`, only those with such a row. Corrected
/// cells stand instead of those of the file.
pub(super) async fn next(
    connection: &mut PgConnection,
    import: ImportId,
    after: i32,
    filter: Option<LogFilter>,
    limit: i64,
) -> Result<Vec<FilePart>> {
    let parts = sqlx::query_as::<_, PartRow>(
        "SELECT first_row, last_row, rows, remarks, log FROM import_parts
         WHERE import_id = $1 AND last_row > $2
           AND ($3::text IS NULL OR $3 = ANY(outcomes) OR $3 = 'faulty' AND outcomes && '{rejected,left_out,faulty}')
         ORDER BY first_row LIMIT $4",
    )
    .bind(import.0)
    .bind(after)
    .bind(filter.map(LogFilter::slug))
    .bind(limit)
    .fetch_all(&mut *connection)
    .await?;
    let mut parts = parts.into_iter().map(FilePart::try_from).collect::<Result<Vec<_>>>()?;
    corrections::apply(connection, import, &mut parts).await?;
    Ok(parts)
}

/// Stores the log of a part's rows.
pub(super) async fn keep_log(
    connection: &mut PgConnection,
    import: ImportId,
    first: i32,
    lines: &[&RowLine],
) -> Result<()> {
    let same = RowLine::default();
    let written: Vec<Option<&RowLine>> = lines.iter().map(|line| (**line != same).then_some(*line)).collect();
    let mut outcomes: Vec<&str> = lines.iter().map(|line| line.outcome.slug()).collect();
    // Stored with the outcomes, which are what parts are found by.
    for filter in [LogFilter::LeftOut, LogFilter::Faulty, RowOutcome::Held.into()] {
        if lines.iter().any(|line| line.is_shown_by(filter)) {
            outcomes.push(filter.slug());
        }
    }
    outcomes.sort_unstable();
    outcomes.dedup();
    sqlx::query("UPDATE import_parts SET log = $3, outcomes = $4 WHERE import_id = $1 AND first_row = $2")
        .bind(import.0)
        .bind(first)
        .bind(serde_json::to_string(&written).map_err(Error::unexpected)?)
        .bind(outcomes)
        .execute(connection)
        .await?;
    Ok(())
}
