//! The problems of a file's rows, by kind, with the rows as fields to correct.

use std::collections::BTreeMap;

use domain::authorization::actor::Actor;
use domain::ids::ImportId;
use domain::imports::mapping::ColumnMatch;
use domain::imports::mend::{
    FaultyCell, FaultyRow, FileProblems, ProblemKey, ProblemRows, RepeatedValue, problems as problems_of,
};
use domain::imports::note::Note;
use domain::imports::outcome::LogFilter;
use domain::imports::views::RowLine;
use domain::imports::words;
use sqlx::PgConnection;

use super::mend::is_correctable;
use super::parts::{self, FilePart};
use super::queries::StoredImport;
use super::target::{ImportFor, LoadedImport, enter};
use crate::tenancy::enter::Entered;
use crate::{Backend, Result};

/// The number of parts read at a time.
const PARTS: i64 = 2;

/// The most rows of a problem that are shown; the others follow as these are corrected.
const SHOWN: usize = 20;

/// The most values of a problem that can be replaced together.
const VALUES: usize = 10;

/// What is gathered about a problem.
struct Gathered {
    heading: String,
    rows: u32,
    values: BTreeMap<String, u32>,
    first: Vec<FaultyRow>,
}

/// Returns the problems of a file's rows, the most frequent first.
pub async fn problems(backend: &Backend, actor: &Actor, import: ImportId) -> Result<FileProblems> {
    let Entered { mut transaction, at: loaded } = enter(backend, actor, ImportFor::Reading(import)).await?;
    let mut gathered: BTreeMap<ProblemKey, Gathered> = BTreeMap::new();
    let mut last = 0;
    loop {
        let parts = faulty_parts(&mut transaction, &loaded.import, last).await?;
        let Some(part) = parts.last() else { break };
        last = part.last;
        for part in parts {
            let lines = part.log.unwrap_or_default();
            for ((number, cells), line) in part.rows.iter().zip(&lines) {
                for note in problems_of(line) {
                    gather(&mut gathered, &loaded, note, (*number, cells, line));
                }
            }
        }
    }
    let kinds = gathered.into_iter().map(|(key, of)| {
        let repeated = of.values.into_iter().filter(|(value, rows)| *rows > 1 && !value.is_empty());
        let mut values: Vec<RepeatedValue> =
            repeated.map(|(value, rows)| RepeatedValue { value, rows }).collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.rows));
        values.truncate(VALUES);
        ProblemRows { key, heading: of.heading, rows: of.rows, values, first: of.first }
    });
    let mut kinds: Vec<ProblemRows> = kinds.collect();
    kinds.sort_by_key(|kind| std::cmp::Reverse(kind.rows));
    Ok(FileProblems { kinds })
}

/// Adds a row to a problem.
fn gather(
    gathered: &mut BTreeMap<ProblemKey, Gathered>,
    loaded: &LoadedImport,
    note: &Note,
    (number, cells, line): (u32, &[String], &RowLine),
) {
    let kind = loaded.kind.declaration();
    let key = ProblemKey::of(kind, note);
    let column = loaded.import.mapping.column_of(&key.field).filter(|at| is_correctable(loaded, *at));
    let of = gathered.entry(key).or_insert_with_key(|key| Gathered {
        heading: key.heading(kind, note),
        rows: 0,
        values: BTreeMap::new(),
        first: Vec::new(),
    });
    of.rows += 1;
    if let Some(cell) = column.and_then(|at| cells.get(at)) {
        *of.values.entry(cell.trim().to_owned()).or_default() += 1;
    }
    if of.first.len() < SHOWN {
        of.first.push(faulty_row(loaded, number, cells, line));
    }
}

/// A row as fields to correct.
fn faulty_row(loaded: &LoadedImport, number: u32, cells: &[String], line: &RowLine) -> FaultyRow {
    let (kind, import) = (loaded.kind.declaration(), &loaded.import);
    let complaints = problems_of(line);
    let columns = import.headers.iter().zip(import.mapping.columns()).enumerate();
    let cell = |(at, (heading, matched)): (usize, (&String, &ColumnMatch))| {
        let field = matched.field.as_ref().filter(|_| is_correctable(loaded, at))?;
        let complaint = complaints.iter().find(|note| ProblemKey::of(kind, note).field == field.as_str());
        Some(FaultyCell {
            column: u32::try_from(at).ok()?,
            heading: heading.clone(),
            label: kind.label(field.as_str()).to_owned(),
            value: cells.get(at).cloned().unwrap_or_default(),
            complaint: complaint.map(|note| words::note(kind, note)),
        })
    };
    FaultyRow {
        row: number,
        name: import.mapping.name_in(kind, cells),
        told: words::line(kind, line),
        cells: columns.filter_map(cell).collect(),
    }
}

/// The next parts after a row that have a row with a problem.
pub(super) async fn faulty_parts(
    connection: &mut PgConnection,
    import: &StoredImport,
    after: i32,
) -> Result<Vec<FilePart>> {
    parts::next(connection, import.id, after, Some(LogFilter::Faulty), PARTS).await
}
