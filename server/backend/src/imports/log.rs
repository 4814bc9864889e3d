//! The log of an import: the outcome of every row.

use domain::authorization::actor::Actor;
use domain::ids::ImportId;
use domain::imports::about::people_in;
use domain::imports::cells::RowReader;
use domain::imports::dates::DateOrder;
use domain::imports::kind::ImportDeclaration;
use domain::imports::outcome::LogFilter;
use domain::imports::views::{LogLine, LogPage, NamedLogLine, RowLine};
use sqlx::PgConnection;

use super::parts;
use super::queries::StoredImport;
use super::target::{ImportFor, LoadedImport, enter};
use crate::tenancy::enter::Entered;
use crate::{Backend, Error, Result};

/// The number of parts read at a time.
const PARTS: i64 = 2;

/// A row of the file and its outcome.
pub(super) struct LoggedRow {
    pub(super) number: u32,
    pub(super) cells: Vec<String>,
    pub(super) line: RowLine,
}

/// Returns at most `limit` rows of the log after `after` (0 for the first), all or those of a filter.
pub async fn page(
    backend: &Backend,
    actor: &Actor,
    import: ImportId,
    filter: Option<LogFilter>,
    after: u32,
    limit: u16,
) -> Result<LogPage> {
    let Entered { mut transaction, at: LoadedImport { import, kind, .. } } =
        enter(backend, actor, ImportFor::Reading(import)).await?;
    let (rows, next) = rows(&mut transaction, import.id, filter, after, limit).await?;
    Ok(LogPage { lines: named(kind.declaration(), &import, rows), next })
}

/// Turns rows into log lines, with the name and key that each row gives.
fn named(kind: &ImportDeclaration, import: &StoredImport, rows: Vec<LoggedRow>) -> Vec<NamedLogLine> {
    // Keys contain no dates, so the date order does not matter here.
    let reader = RowReader::new(kind, &import.mapping, DateOrder::default(), import.created_at.date_naive());
    rows.into_iter()
        .map(|row| NamedLogLine {
            name: import.mapping.name_in(kind, &row.cells),
            people: people_in(kind, &import.mapping, &row.cells),
            line: LogLine { row: row.number, key: reader.key(&row.cells), line: row.line },
        })
        .collect()
}

/// Returns part of the log's rows, and where the next part begins.
pub(super) async fn rows(
    connection: &mut PgConnection,
    import: ImportId,
    filter: Option<LogFilter>,
    after: u32,
    limit: u16,
) -> Result<(Vec<LoggedRow>, Option<u32>)> {
    let limit = usize::from(limit);
    let mut rows = Vec::with_capacity(limit + 1);
    let mut last = i32::try_from(after).map_err(Error::unexpected)?;
    // One more than requested shows whether more follow.
    while rows.len() <= limit {
        let parts = parts::next(connection, import, last, filter, PARTS).await?;
        let Some(part) = parts.last() else { break };
        last = part.last;
        for part in parts {
            let lines = part.log.unwrap_or_default();
            rows.extend(
                part.rows
                    .into_iter()
                    .zip(lines)
                    .filter(|((number, _), line)| {
                        *number > after && filter.is_none_or(|filter| line.is_shown_by(filter))
                    })
                    .map(|((number, cells), line)| LoggedRow { number, cells, line }),
            );
        }
    }
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| row.number);
    Ok((rows, next))
}
