//! Kinds of import whose rows mean something only together, such as a list of guardians in which one adult has several
//! rows. The whole file is read, planned in one go and written set by set; staging, columns, choices, the log, drift and
//! undo are those of every kind.

use std::fmt::Debug;
use std::marker::PhantomData;
use std::panic::resume_unwind;
use std::thread;

use domain::ids::PersonId;
use domain::imports::cells::{Cells, RowReader};
use domain::imports::held::{Choices, HeldReason};
use domain::imports::note::Verdict;
use domain::imports::plan::{FileFindings, PlanCounts, ReadRow, RowPlan};
use domain::imports::views::{LogLine, RowLine};
use domain::imports::whole::WholePlan;
use domain::operations::facts::Facts;
use domain::operations::plan::PlanHash;
use futures_util::future::{BoxFuture, FutureExt as _};
use sqlx::PgConnection;

use super::kind::{AnyKind, Importing, KindOfImport};
use super::parts::{self, FilePart};
use super::planning::{self, PARTS};
use super::queries::StoredImport;
use super::written::{Registration, WrittenKind};
use super::{choices, guard};
use crate::Result;
use crate::operations::OperationContext;

/// A row that can be read, with its number in the file.
pub(crate) type NumberedRow<'a, R> = (u32, &'a R);

/// How such a kind is read, planned, written and undone.
pub(crate) trait WholeKind: WrittenKind {
    /// What a row says: only valid values.
    type Said: Send + Sync + 'static;
    /// What one row writes.
    type Write: Debug + Clone + PartialEq + Facts + Send + Sync + 'static;

    /// Reads a row. Problems are added to `cells`, all at once; if there are any, the result is ignored.
    fn read(cells: &mut Cells<'_>) -> Option<Self::Said>;

    /// Plans all rows that can be read, and returns the verdict on each, in their order.
    fn plan(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        rows: &[NumberedRow<'_, Self::Said>],
        choices: &Choices,
    ) -> impl Future<Output = Result<Vec<Verdict<Self::Write>>>> + Send;

    /// Gathers what the whole plan writes.
    fn gather(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        writes: Vec<Self::Write>,
    ) -> impl Future<Output = Result<()>> + Send;
}

struct RegisteredWhole<K>(PhantomData<fn() -> K>);

impl<K: WholeKind> Registration for RegisteredWhole<K> {
    type Kind = K;
}

impl KindOfImport {
    /// Wraps a declared kind whose rows are planned together.
    pub(crate) const fn whole<K: WholeKind>() -> Self {
        Self::from_static(&RegisteredWhole::<K>(PhantomData))
    }
}

impl<K: WholeKind> AnyKind for RegisteredWhole<K> {
    fn simulate<'a>(
        &'a self,
        cx: &'a Importing<'a>,
        connection: &'a mut PgConnection,
        import: &'a StoredImport,
    ) -> BoxFuture<'a, Result<Vec<LogLine>>> {
        simulate::<K>(cx, connection, import).boxed()
    }

    fn gather<'a, 'w>(
        &'a self,
        cx: &'a Importing<'a>,
        work: &'a mut OperationContext<'w>,
        import: &'a StoredImport,
    ) -> BoxFuture<'a, Result<(PlanCounts, PlanHash)>>
    where
        'w: 'a,
    {
        gather::<K>(cx, work, import).boxed()
    }

    /// Nobody's number is given to somebody else.
    fn freed<'a>(
        &'a self,
        _connection: &'a mut PgConnection,
    ) -> BoxFuture<'a, Result<Vec<(PersonId, String)>>> {
        std::future::ready(Ok(Vec::new())).boxed()
    }
}

/// A part of the file: its first row, the number of its rows, and their log, if it was simulated before.
struct Part {
    first: i32,
    rows: usize,
    log: Option<Vec<RowLine>>,
}

/// Reads and plans the whole file.
async fn plan<K: WholeKind>(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    import: &StoredImport,
) -> Result<(WholePlan<K::Write>, Vec<Part>)> {
    let reader = planning::reader(cx, connection, import, K::DECLARATION).await?;
    let choices = choices::all(cx, connection).await?;
    let (mut read, mut all): (Vec<ReadRow<K::Said>>, Vec<Part>) = (Vec::new(), Vec::new());
    let mut last = 0;
    loop {
        let parts = parts::next(connection, cx.import, last, None, PARTS).await?;
        let Some(part) = parts.last() else { break };
        last = part.last;
        read.extend(read_parts::<K>(&reader, &parts));
        all.extend(parts.into_iter().map(|part| Part {
            first: part.first,
            rows: part.rows.len(),
            log: part.log,
        }));
    }
    let readable: Vec<NumberedRow<'_, K::Said>> =
        read.iter().filter_map(|row| Some((row.number(), row.row()?))).collect();
    let verdicts = K::plan(cx, connection, &readable, &choices).await?;
    Ok((WholePlan::of(read, verdicts, (K::DECLARATION.ends, cx.day)), all))
}

/// Reads parts of the file beside each other: reading is pure, and half of the work of a long file.
fn read_parts<K: WholeKind>(reader: &RowReader, parts: &[FilePart]) -> Vec<ReadRow<K::Said>> {
    let read = |part: &FilePart| -> Vec<ReadRow<K::Said>> {
        let remarks = |number: &u32| part.remarks.get(number).map_or(&[][..], Vec::as_slice);
        let rows = part.rows.iter();
        rows.map(|(number, cells)| ReadRow::read(reader, *number, (cells, remarks(number)), K::read))
            .collect()
    };
    thread::scope(|scope| {
        let threads: Vec<_> = parts.iter().map(|part| scope.spawn(move || read(part))).collect();
        let joined =
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        joined.flatten().collect()
    })
}

/// Plans every row, stores the log and the plan, and returns the rows whose log entry changed.
async fn simulate<K: WholeKind>(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    import: &StoredImport,
) -> Result<Vec<LogLine>> {
    let as_of = planning::as_of(connection).await?;
    let (plan, parts) = plan::<K>(cx, connection, import).await?;
    let mut differing = Vec::new();
    let mut rows = plan.rows.as_slice();
    for part in &parts {
        let (planned, rest) = rows.split_at(part.rows.min(rows.len()));
        rows = rest;
        let lines: Vec<&RowLine> = planned.iter().map(|plan| &plan.line).collect();
        parts::keep_log(connection, cx.import, part.first, &lines).await?;
        planning::note_differing(&mut differing, part.log.iter().flatten(), planned);
    }
    let guarded = guard::exceeded(cx, connection, K::STANDING, plan.counts).await?;
    let is_doubted = |row: &&RowPlan<K::Write>| {
        row.line.held.as_ref().is_some_and(|held| held.reason == HeldReason::UnknownKey)
    };
    let doubted = u32::try_from(plan.rows.iter().filter(is_doubted).count()).unwrap_or(u32::MAX);
    let findings = FileFindings { guarded, doubted, ..FileFindings::default() };
    planning::keep_plan(cx, connection, &as_of, (plan.counts, findings, &plan.hash)).await?;
    Ok(differing)
}

/// Plans every row, and gathers what the plan writes. Writes only temporary tables.
async fn gather<K: WholeKind>(
    cx: &Importing<'_>,
    work: &mut OperationContext<'_>,
    import: &StoredImport,
) -> Result<(PlanCounts, PlanHash)> {
    let rows = usize::try_from(import.row_count).unwrap_or(usize::MAX);
    work.report("Checking every row", 0, rows).await?;
    let (plan, _) = plan::<K>(cx, work.connection, import).await?;
    for statement in K::GATHER {
        sqlx::query(*statement).execute(&mut *work.connection).await?;
    }
    let writes: Vec<K::Write> = plan.rows.into_iter().filter_map(|row| row.write).collect();
    if !writes.is_empty() {
        K::gather(cx, work.connection, writes).await?;
    }
    Ok((plan.counts, plan.hash))
}
