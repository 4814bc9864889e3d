//! Planning all rows of an import, a few thousand at a time, against the database.

use domain::imports::cells::RowReader;
use domain::imports::kind::ImportKind;
use domain::imports::plan::{FileFindings, PlanCounts, Planner, ReadRow, RowPlan};
use domain::imports::views::{LogLine, RowLine};
use domain::imports::who::Matches;
use domain::operations::plan::PlanHash;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::kind::{Importing, StoredKind};
use super::parts::{self, FilePart};
use super::queries::StoredImport;
use super::{choices, dates, decide};
use crate::Result;

/// The number of parts planned at a time.
const PARTS: i64 = 5;

/// The most differing rows that are reported.
const TOLD: usize = 100;

/// The plan of a row, for a kind.
pub(super) type PlanOf<K> = RowPlan<<<K as StoredKind>::Rules as ImportKind>::Write>;

/// A plan in progress.
pub(super) struct Planning<'a, K: StoredKind> {
    cx: &'a Importing<'a>,
    planner: Planner<K::Rules>,
    known: K::Known,
    last: i32,
}

impl<'a, K: StoredKind> Planning<'a, K> {
    /// Starts planning. All required columns must be matched, and no field may have several to choose from.
    pub(super) async fn new(
        cx: &'a Importing<'a>,
        connection: &mut PgConnection,
        import: &StoredImport,
    ) -> Result<Self> {
        let kind = K::Rules::DECLARATION;
        let mut errors = import.mapping.open_questions(kind, &import.headers);
        errors.0.extend(decide::open_questions(import).0);
        if !errors.is_empty() {
            return Err(errors.into());
        }
        let order = dates::order(connection, import, kind).await?;
        let reader = RowReader::new(kind, &import.mapping, order, cx.day).deciding(&import.decisions);
        let known = K::begin(cx, connection).await?;
        let choices = choices::all(cx, connection).await?;
        Ok(Self { cx, planner: Planner::new(reader, cx.day, choices), known, last: 0 })
    }

    /// Plans the next parts; `None` when all are planned.
    pub(super) async fn next(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<Vec<(FilePart, Vec<PlanOf<K>>)>> {
        let mut parts = parts::next(connection, self.cx.import, self.last, None, PARTS).await?;
        let Some(last) = parts.last() else { return Ok(Vec::new()) };
        self.last = last.last;
        let read: Vec<Vec<ReadRow<_>>> = parts
            .iter()
            .map(|part| {
                let remarks = |number: &u32| part.remarks.get(number).map_or(&[][..], Vec::as_slice);
                let read =
                    |(number, cells): &(u32, Vec<String>)| self.planner.read(*number, cells, remarks(number));
                part.rows.iter().map(read).collect()
            })
            .collect();
        let rows: Vec<_> = read.iter().flatten().filter_map(ReadRow::row).collect();
        let current = K::current(self.cx, connection, &self.known, &rows).await?;
        let mut readable = 0..;
        let plans = read.into_iter().map(|rows| {
            let plan = |row: ReadRow<_>| {
                let (keyed, others) = match row.row() {
                    Some(of) => (
                        current.keyed.get(<K::Rules as ImportKind>::key(of)),
                        readable.next().and_then(|at| current.others.get(&at)),
                    ),
                    None => (None, None),
                };
                let others = others.map_or(&[][..], Vec::as_slice);
                self.planner.plan(row, &Matches { keyed, others })
            };
            rows.into_iter().map(plan).collect()
        });
        let plans: Vec<Vec<_>> = plans.collect();
        Ok(parts.drain(..).zip(plans).collect())
    }

    /// Returns the counts, what the file as a whole says, and the hash of the whole plan.
    pub(super) fn finish(self) -> (PlanCounts, FileFindings, PlanHash) {
        self.planner.finish()
    }
}

/// Plans every row, stores the log and the plan, and returns the rows whose log entry changed. Changes
/// nothing else.
pub(super) async fn simulate<K: StoredKind>(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    import: &StoredImport,
) -> Result<Vec<LogLine>> {
    let as_of: String =
        sqlx::query_scalar("SELECT pg_current_snapshot()::text").fetch_one(&mut *connection).await?;
    let mut planning = Planning::<K>::new(cx, connection, import).await?;
    let mut differing = Vec::new();
    loop {
        let parts = planning.next(connection).await?;
        if parts.is_empty() {
            break;
        }
        for (part, plans) in parts {
            let lines: Vec<&RowLine> = plans.iter().map(|plan| &plan.line).collect();
            parts::keep_log(connection, cx.import, part.first, &lines).await?;
            for (was, plan) in part.log.iter().flatten().zip(&plans) {
                if differing.len() < TOLD && *was != plan.line {
                    differing.push(LogLine {
                        row: plan.number,
                        line: plan.line.clone(),
                        key: plan.key.clone(),
                    });
                }
            }
        }
    }
    let (counts, findings, hash) = planning.finish();
    sqlx::query(
        "UPDATE imports SET state = 'planned', plan_hash = $2, counts = $3, planned_as_of = $4::text::pg_snapshot,
                planned_at = clock_timestamp(), findings = $5
         WHERE id = $1",
    )
    .bind(cx.import.0)
    .bind(hash.0.as_slice())
    .bind(Json(counts))
    .bind(as_of)
    .bind(Json(findings))
    .execute(connection)
    .await?;
    Ok(differing)
}
