//! The log of an import: what becomes of every row.

use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource};
use domain::ids::ImportId;
use domain::imports::outcome::Outcome;
use domain::imports::views::{LogLine, LogPage, NamedLogLine};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::queries::{load, reach};
use crate::{Backend, Error, Result};

/// A row of the file, and what becomes of it.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub(super) number: i32,
    pub(super) cells: Json<Vec<String>>,
    pub(super) outcome: String,
    code: String,
    pub(super) message: String,
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
    backend.authorize(actor, Permission::ImportRoll, Resource::AnySchool(actor.organisation))?;
    reach(backend, actor, import).await?;
    let mut connection = backend.tenant_transaction(actor.organisation).await?;
    let import = load(&mut connection, actor, import).await?;
    let (rows, next) = rows(&mut connection, import.id, outcome, after, limit).await?;
    let lines = rows
        .into_iter()
        .map(|row| Ok(NamedLogLine { name: import.mapping.name_in(&row.cells.0), line: line(row)? }))
        .collect::<Result<_>>()?;
    Ok(LogPage { lines, next })
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

/// The rows of a part, and where the next one begins.
pub(super) async fn rows(
    connection: &mut PgConnection,
    import: ImportId,
    outcome: Option<Outcome>,
    after: u32,
    limit: u16,
) -> Result<(Vec<Row>, Option<u32>)> {
    let mut rows = sqlx::query_as::<_, Row>(
        "SELECT number, cells, outcome, code, message, key FROM import_rows
         WHERE import_id = $1 AND number > $2 AND outcome IS NOT NULL AND ($3::text IS NULL OR outcome = $3)
         ORDER BY number LIMIT $4",
    )
    .bind(import.0)
    .bind(i32::try_from(after).map_err(Error::unexpected)?)
    .bind(outcome.map(Outcome::slug))
    .bind(i64::from(limit) + 1)
    .fetch_all(connection)
    .await?;
    let more = rows.len() > usize::from(limit);
    rows.truncate(limit.into());
    let next = rows.last().filter(|_| more).map(number).transpose()?;
    Ok((rows, next))
}
