//! Planning all rows of an import, a few thousand at a time, against the database.

use domain::imports::cells::RowReader;
use domain::imports::held::Choices;
use domain::imports::kind::{ImportDeclaration, ImportKind};
use domain::imports::plan::{FileFindings, PlanCounts, Planner, ReadRow, RowPlan};
use domain::imports::repeats::{GroupFinder, Groups};
use domain::imports::views::{LogLine, RowLine};
use domain::imports::who::Matches;
use domain::operations::plan::PlanHash;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::kind::{Importing, StoredKind};
use super::parts::{self, FilePart};
use super::queries::StoredImport;
use super::{choices, dates, decide, guard};
use crate::Result;

/// The number of parts planned at a time.
pub(super) const PARTS: i64 = 5;

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
    /// Whether a key was found in several rows although they were not grouped.
    repeats: bool,
}

impl<'a, K: StoredKind> Planning<'a, K> {
    /// Starts planning. If rows of the file take from each other, as an earlier plan has found, it is planned twice: what
    /// a row gives away is known only after all others.
    pub(super) async fn new(
        cx: &'a Importing<'a>,
        connection: &mut PgConnection,
        import: &StoredImport,
        grouped: bool,
    ) -> Result<Self> {
        let mut planning = Self::start(cx, connection, import, grouped).await?;
        if import.findings.crosses {
            while !planning.next(connection).await?.is_empty() {}
            planning = planning.again(connection, import, grouped).await?.unwrap_or(planning);
        }
        Ok(planning)
    }

    /// Starts again with what the plan of all rows overlooks; `None` if that is nothing.
    pub(super) async fn again(
        &self,
        connection: &mut PgConnection,
        import: &StoredImport,
        grouped: bool,
    ) -> Result<Option<Self>> {
        let Some(crossings) = self.planner.overlooked() else { return Ok(None) };
        let started = Self::start(self.cx, connection, import, grouped).await?;
        Ok(Some(Self { planner: started.planner.crossing(crossings), ..started }))
    }

    /// Starts planning. All required columns must be matched, and no field may have several to choose from. Rows with
    /// the same key are grouped if an earlier simulation has found some, or if nobody has looked.
    async fn start(
        cx: &'a Importing<'a>,
        connection: &mut PgConnection,
        import: &StoredImport,
        grouped: bool,
    ) -> Result<Self> {
        let reader = reader(cx, connection, import, K::Rules::DECLARATION).await?;
        let known = K::begin(cx, connection).await?;
        let choices = choices::all(cx, connection).await?;
        let mut planner = Planner::new(reader, cx.day, choices.clone());
        if grouped || choices.joined().next().is_some() {
            let groups = groups(cx, connection, &planner, &choices).await?;
            planner = planner.grouping(groups);
        }
        Ok(Self { cx, planner, known, last: 0, repeats: false })
    }

    /// Whether the rows have to be grouped: the plan so far is not that of the file.
    pub(super) fn repeats(&self) -> bool {
        self.repeats
    }

    /// Plans the next parts; `None` when all are planned.
    pub(super) async fn next(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<Vec<(FilePart, Vec<PlanOf<K>>)>> {
        let mut parts = parts::next(connection, self.cx.import, self.last, None, PARTS).await?;
        let Some(last) = parts.last() else { return Ok(Vec::new()) };
        self.last = last.last;
        let read: Vec<Vec<ReadRow<_>>> = parts.iter().map(|part| read_part(&self.planner, part)).collect();
        for row in read.iter().flatten() {
            self.repeats |= self.planner.note(row);
        }
        let mut rows = Vec::new();
        // The place of each row that is compared among those that are looked up.
        let place = |row| {
            let compared = self.planner.compared(row)?;
            rows.push(compared);
            Some(rows.len() - 1)
        };
        let places: Vec<Option<usize>> = read.iter().flatten().map(place).collect();
        let mut current = K::current(self.cx, connection, &self.known, &rows).await?;
        if read.iter().flatten().any(|row| self.planner.is_grouped(row)) {
            K::read_earlier(self.cx, connection, &mut current).await?;
        }
        let keys = rows.iter().map(|row| current.keyed.get(<K::Rules as ImportKind>::key(row)));
        let keyed: Vec<Option<&_>> = keys.collect();
        let mut places = places.into_iter();
        let plans = read.into_iter().map(|rows| {
            let plan = |row: ReadRow<_>| {
                let place = places.next().flatten();
                let keyed = place.and_then(|at| keyed.get(at).copied().flatten());
                let others = place.and_then(|at| current.others.get(&at)).map_or(&[][..], Vec::as_slice);
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

/// How the rows of a file are read. All required columns must be matched, and no field may have several to choose from.
pub(super) async fn reader(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    import: &StoredImport,
    kind: &ImportDeclaration,
) -> Result<RowReader> {
    let mut errors = import.mapping.open_questions(kind, &import.headers);
    errors.0.extend(decide::open_questions(import).0);
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let order = dates::order(connection, import, kind).await?;
    let short_rows = import.reading.as_ref().map_or(0, |reading| reading.short_rows);
    Ok(RowReader::new(kind, &import.mapping, order, cx.day)
        .in_zone(cx.school.zone.name())
        .deciding(&import.decisions)
        .mostly_short(short_rows, import.row_count))
}

fn read_part<K: ImportKind>(planner: &Planner<K>, part: &FilePart) -> Vec<ReadRow<K::Row>> {
    let remarks = |number: &u32| part.remarks.get(number).map_or(&[][..], Vec::as_slice);
    part.rows.iter().map(|(number, cells)| planner.read(*number, cells, remarks(number))).collect()
}

/// Reads the whole file, twice if a key stands in several rows, and groups the rows of such keys.
async fn groups<K: ImportKind>(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    planner: &Planner<K>,
    choices: &Choices,
) -> Result<Groups<K>> {
    let mut finder = GroupFinder::new(choices);
    for gathers in [false, true] {
        let mut last = 0;
        loop {
            let parts = parts::next(connection, cx.import, last, None, PARTS).await?;
            let Some(part) = parts.last() else { break };
            last = part.last;
            for row in parts.iter().flat_map(|part| read_part(planner, part)) {
                if gathers { finder.gather(&row) } else { finder.look(&row) }
            }
        }
        if !finder.found() {
            break;
        }
    }
    Ok(finder.groups(choices, cx.day))
}

/// Plans every row, stores the log and the plan, and returns the rows whose log entry changed. Changes
/// nothing else.
pub(super) async fn simulate<K: StoredKind>(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    import: &StoredImport,
) -> Result<Vec<LogLine>> {
    let as_of = as_of(connection).await?;
    let mut grouped = import.findings.repeats_keys == Some(true);
    let mut planning = Planning::<K>::new(cx, connection, import, grouped).await?;
    let mut differing: Vec<LogLine> = Vec::new();
    loop {
        let parts = planning.next(connection).await?;
        if parts.is_empty() {
            let Some(again) = planning.again(connection, import, grouped).await? else { break };
            planning = again;
            continue;
        }
        if planning.repeats() {
            grouped = true;
            planning = Planning::new(cx, connection, import, grouped).await?;
            differing.clear();
            continue;
        }
        for (part, plans) in parts {
            let lines: Vec<&RowLine> = plans.iter().map(|plan| &plan.line).collect();
            parts::keep_log(connection, cx.import, part.first, &lines).await?;
            note_differing(&mut differing, part.log.iter().flatten(), &plans);
        }
    }
    let (counts, findings, hash) = planning.finish();
    let guarded = guard::exceeded(cx, connection, K::STANDING, counts).await?;
    let findings = FileFindings { guarded, ..findings };
    keep_plan(cx, connection, &as_of, (counts, findings, &hash)).await?;
    Ok(differing)
}

/// Adds the rows whose line was another one before.
pub(super) fn note_differing<'a, W>(
    differing: &mut Vec<LogLine>,
    before: impl Iterator<Item = &'a RowLine>,
    plans: &[RowPlan<W>],
) {
    for (was, plan) in before.zip(plans) {
        if *was == plan.line {
            continue;
        }
        let line = LogLine { row: plan.number, line: plan.line.clone(), key: plan.key.clone() };
        match differing.iter().position(|told| told.row == plan.number) {
            Some(at) => differing[at] = line,
            None if differing.len() < TOLD => differing.push(line),
            None => {}
        }
    }
}

/// The rows that the plan is compared with, as they are now.
pub(super) async fn as_of(connection: &mut PgConnection) -> Result<String> {
    Ok(sqlx::query_scalar("SELECT pg_current_snapshot()::text").fetch_one(connection).await?)
}

/// Stores the plan of a file.
pub(super) async fn keep_plan(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    as_of: &str,
    (counts, findings, hash): (PlanCounts, FileFindings, &PlanHash),
) -> Result<()> {
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
    Ok(())
}
