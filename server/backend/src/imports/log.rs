//! The log of an import: what becomes of every row.

use csv::WriterBuilder;
use domain::access::actor::Actor;
use domain::access::policy::{Permission, Resource};
use domain::ids::ImportId;
use domain::imports::outcome::Outcome;
use domain::imports::views::{LogLine, LogPage, NamedLogLine};
use domain::spreadsheet::neutral;
use sqlx::types::Json;

use super::queries::{Import, load, reach};
use crate::{Backend, Error, Result};

#[derive(sqlx::FromRow)]
struct Row {
    number: i32,
    cells: Json<Vec<String>>,
    outcome: String,
    code: String,
    message: String,
    key: Option<String>,
}

/// A part of the log: the rows after `after` (0 for the first), of one outcome or of all, at most `limit`.
pub async fn page(
    backend: &Backend,
    actor: &Actor,
    import: ImportId,
    outcome: Option<Outcome>,
    after: u32,
    limit: u16,
) -> Result<LogPage> {
    backend.allow(actor, Permission::ImportRoll, Resource::AnySchool(actor.organisation))?;
    let (import, rows) = rows(backend, actor, import, outcome, after, limit).await?;
    let next = if rows.len() < usize::from(limit) { None } else { rows.last().map(number).transpose()? };
    let lines = rows
        .into_iter()
        .map(|row| Ok(NamedLogLine { name: import.mapping.name_in(&row.cells.0), line: line(row)? }))
        .collect::<Result<_>>()?;
    Ok(LogPage { lines, next })
}

/// A part of the log as CSV for a spreadsheet: the file's own columns, so that rows can be corrected and imported
/// again, and after them what happened. With its heading when `after` is 0. Answers also where the next part begins.
pub async fn csv(
    backend: &Backend,
    actor: &Actor,
    import: ImportId,
    outcome: Option<Outcome>,
    after: u32,
    limit: u16,
) -> Result<(Vec<u8>, Option<u32>)> {
    backend.allow(actor, Permission::ImportRoll, Resource::AnySchool(actor.organisation))?;
    let (import, rows) = rows(backend, actor, import, outcome, after, limit).await?;
    let mut writer = WriterBuilder::new().flexible(true).from_writer(Vec::new());
    if after == 0 {
        // The byte order mark tells Excel that the file is UTF-8.
        writer = WriterBuilder::new().flexible(true).from_writer(b"\xEF\xBB\xBF".to_vec());
        let own = ["Row in the file", "Result", "What happened"].map(str::to_owned);
        writer
            .write_record(import.headers.iter().map(|header| neutral(header).into_owned()).chain(own))
            .map_err(Error::unexpected)?;
    }
    let next = if rows.len() < usize::from(limit) { None } else { rows.last().map(number).transpose()? };
    for row in rows {
        let cells = (0..import.headers.len()).map(|at| row.cells.0.get(at).map_or("", String::as_str));
        let label = Outcome::from_slug(&row.outcome).map_or("", Outcome::label);
        let record = cells.map(|cell| neutral(cell).into_owned()).chain([
            row.number.to_string(),
            label.to_owned(),
            neutral(&row.message).into_owned(),
        ]);
        writer.write_record(record).map_err(Error::unexpected)?;
    }
    Ok((writer.into_inner().map_err(|error| Error::unexpected(error.to_string()))?, next))
}

fn number(row: &Row) -> Result<u32> {
    u32::try_from(row.number).map_err(Error::unexpected)
}

fn line(row: Row) -> Result<LogLine> {
    Ok(LogLine {
        row: number(&row)?,
        outcome: Outcome::from_slug(&row.outcome)
            .ok_or_else(|| Error::unexpected(format!("outcome {}", row.outcome)))?,
        code: row.code,
        message: row.message,
        key: row.key,
    })
}

async fn rows(
    backend: &Backend,
    actor: &Actor,
    import: ImportId,
    outcome: Option<Outcome>,
    after: u32,
    limit: u16,
) -> Result<(Import, Vec<Row>)> {
    reach(backend, actor, import).await?;
    let mut connection = backend.within(actor.organisation).await?;
    let import = load(&mut connection, actor, import).await?;
    let rows = sqlx::query_as::<_, Row>(
        "SELECT number, cells, outcome, code, message, key FROM import_rows
         WHERE import_id = $1 AND number > $2 AND outcome IS NOT NULL AND ($3::text IS NULL OR outcome = $3)
         ORDER BY number LIMIT $4",
    )
    .bind(import.id.0)
    .bind(i32::try_from(after).map_err(Error::unexpected)?)
    .bind(outcome.map(Outcome::slug))
    .bind(i64::from(limit))
    .fetch_all(&mut *connection)
    .await?;
    Ok((import, rows))
}
