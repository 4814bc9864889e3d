//! Importing exactly the plan that was checked. This is an operation like any other, so a large file is
//! imported by a job.

use chrono::TimeDelta;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::ids::{ImportId, OperationId, PersonId};
use domain::imports::KEPT_FOR;
use domain::imports::plan::PlanCounts;
use domain::imports::views::{CommitOutcome, ImportApproval, ImportState, ImportView};
use domain::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use domain::operations::plan::{Plan, PlanHash, PlannedRow};
use domain::operations::progress::ResultPage;
use domain::operations::state::OperationState;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;

use super::corrections;
use super::kind::{self, AnyKind, Importing};
use super::queries::{StoredImport, load};
use super::target::{ImportFor, enter};
use super::{guard, senders, simulate, view};
use crate::audit::AuditEntry;
use crate::credentials::resting::many_moved;
use crate::operations::latest::{OperationSubject, latest_about};
use crate::operations::{
    AfterApproval, AppliedPlan, AuditLogEntries, ExpectedPlan, Operation, OperationContext, RunEnd, Undoable,
    UndoneOperation, run,
};
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result};

/// Writes an import's plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WriteImport {
    import: ImportId,
    file_name: String,
}

/// The whole file. Its rows are hashed as they are planned and gathered in temporary tables, because a file
/// can have more rows than fit in memory.
pub struct PlannedFile {
    import: ImportId,
    /// The hash of its rows.
    rows: PlanHash,
    /// The number of rows by outcome.
    counts: PlanCounts,
}

const IMPORT: Tag = Tag::new(1);
const ROWS: Tag = Tag::new(2);

impl Facts for PlannedFile {
    const FORM: FactsFormat = FactsFormat { name: "write_import", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields.id(IMPORT, self.import.0).text(ROWS, &self.rows.to_string());
    }
}

impl PlannedRow for PlannedFile {}

/// What planning finds besides the rows.
pub struct StagedFile {
    import: StoredImport,
    kind: &'static dyn AnyKind,
}

impl Operation for WriteImport {
    const KIND: &'static str = "write_import";
    const PERMISSION: Permission = Permission::ImportRoll;
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePlan;
    const VERB: &'static str = "Import";
    const KEPT: Option<TimeDelta> = Some(KEPT_FOR);

    type Row = PlannedFile;
    type Beside = StagedFile;
    type Written = ImportView;
    type Outcome = ImportView;

    fn describe(&self, rows: usize) -> String {
        let rows = if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") };
        format!("Import of {}: {rows}", self.file_name)
    }

    /// An import is checked row by row before it is written, and can be undone.
    fn needs_second_person(&self) -> bool {
        false
    }

    /// A file that ends much may be the wrong one.
    async fn alarms(
        &self,
        work: &mut OperationContext<'_>,
        files: &[PlannedFile],
        staged: &StagedFile,
    ) -> Result<bool> {
        // What the server's operator does never needs a second person.
        let Some(file) = files.first().filter(|_| work.actor.account().is_some()) else { return Ok(false) };
        let cx = staged.import.importing(work.backend, work.actor, work.school, false);
        if file.counts.changes() > 0 && staged.kind.alarms(&cx, work.connection).await? {
            return Ok(true);
        }
        let standing = staged.kind.standing();
        Ok(guard::exceeded(&cx, work.connection, standing, file.counts).await?.is_some())
    }

    fn result(&self, _operation: OperationId) -> ResultPage {
        ResultPage { href: format!("/imports/{}", self.import), label: "Open the import".to_owned() }
    }

    async fn size_ahead(&self, work: &mut OperationContext<'_>) -> Result<Option<usize>> {
        let import = load(work.connection, work.actor, self.import).await?;
        Ok(usize::try_from(import.row_count).ok())
    }

    fn size(rows: &[PlannedFile]) -> usize {
        let rows: u32 = rows.iter().map(|file| file.counts.total()).sum();
        usize::try_from(rows).unwrap_or(usize::MAX)
    }

    /// Two files for one school wait for each other, whatever their rows.
    async fn lock(&self, work: &mut OperationContext<'_>) -> Result<()> {
        lock(work, self.import).await
    }

    async fn plan(&self, work: &mut OperationContext<'_>) -> Result<(Plan<PlannedFile>, StagedFile)> {
        let (backend, actor, school) = (work.backend, work.actor, work.school);
        let import = load(work.connection, actor, self.import).await?;
        if import.school != school.school {
            return Err(Error::NotFound("import"));
        }
        import.still_open()?;
        let kind = kind::find(backend, &import.kind)?;
        let whole_school = Resource::School(actor.organisation, school.school);
        decide(actor, kind.declaration().permission, whole_school)?;
        // A plan that writes nothing needs no locks.
        let locks = import.counts.is_none_or(|counts| counts.writes() > 0);
        let cx = import.importing(backend, actor, school, locks);
        let (counts, rows) = match is_still_planned(work.connection, &import, kind).await? {
            Some(planned) => planned,
            None => kind.gather(&cx, work, &import).await?,
        };
        let plan = Plan::of(vec![PlannedFile { import: import.id, rows, counts }]);
        Ok((plan, StagedFile { import, kind }))
    }

    /// A file concerns the people its rows name.
    fn person(_file: &PlannedFile) -> Option<PersonId> {
        None
    }

    fn about(&self, _people: Vec<PersonId>) -> Self {
        self.clone()
    }

    async fn apply(
        &self,
        work: &mut OperationContext<'_>,
        files: Vec<PlannedFile>,
        StagedFile { import, kind }: &StagedFile,
    ) -> Result<AppliedPlan<ImportView>> {
        let counts = files.first().map(|file| file.counts).unwrap_or_default();
        let mut disowned = Vec::new();
        if counts.writes() > 0 {
            let (backend, actor, school) = (work.backend, work.actor, work.school);
            let cx = import.importing(backend, actor, school, true);
            let cx = Importing { operation: Some(work.operation), ..cx };
            disowned = kind.apply(&cx, work, usize::try_from(counts.total()).unwrap_or(usize::MAX)).await?;
        }
        sqlx::query(
            "UPDATE imports SET state = $3, committed_by = $4, committed_at = $5, operation_id = $6
             WHERE organisation_id = $1 AND id = $2",
        )
        .bind(work.school.organisation.0)
        .bind(self.import.0)
        .bind(ImportState::Committed.slug())
        .bind(work.actor.account().map(|account| account.0))
        .bind(work.backend.now())
        .bind(work.operation.0)
        .execute(&mut *work.connection)
        .await?;
        senders::remember(work.backend, work.connection, import).await?;
        let mut details = json!(import.counts);
        details["kind"] = json!(import.kind);
        let of = (work.school.organisation.0, self.import);
        details["corrected"] = json!(corrections::count(work.connection, of).await?);
        let entry =
            AuditEntry::new(AuditAction::RollImported).subject("import", self.import.0).details(details);
        let written = view::of(work.connection, work.actor, self.import).await?;
        let log = AuditLogEntries::One(entry);
        let freed = if counts.changes() > 0 { kind.freed(work.connection).await? } else { Vec::new() };
        let freed = freed.into_iter().map(|(person, former)| {
            let details = json!({ "former": former, "kind": import.kind });
            AuditEntry::new(AuditAction::KeyGivenAway)
                .person(person)
                .subject("import", self.import.0)
                .details(details)
        });
        let freed: Vec<AuditEntry> = freed.collect();
        let log = if freed.is_empty() {
            log
        } else {
            AuditLogEntries::All(vec![log, AuditLogEntries::EachOwn(freed)])
        };
        let log = if disowned.is_empty() {
            log
        } else {
            let ended = AuditLogEntries::Each(AuditAction::ActivationEnded, disowned, json!({}));
            AuditLogEntries::All(vec![log, ended])
        };
        let log = match many_moved(work.backend, work.connection, work.actor).await? {
            Some(alert) => AuditLogEntries::All(vec![AuditLogEntries::Alert(alert), log]),
            None => log,
        };
        Ok(AppliedPlan { written, log })
    }

    async fn after_drift(&self, backend: &Backend, actor: &Actor) -> Result<()> {
        simulate::simulate(backend, actor, self.import).await.map(drop)
    }

    async fn finish(
        &self,
        _backend: &Backend,
        _school: &SchoolContext,
        _operation: OperationId,
        written: ImportView,
    ) -> Result<ImportView> {
        Ok(written)
    }
}

impl Undoable for WriteImport {
    /// Removes what it added and restores what it changed. Refused, by name, if something was built on it or
    /// changed since.
    async fn undo(work: &mut OperationContext<'_>) -> Result<UndoneOperation> {
        let (backend, actor, school) = (work.backend, work.actor, work.school);
        let import: ImportId =
            sqlx::query_scalar("SELECT id FROM imports WHERE organisation_id = $1 AND operation_id = $2")
                .bind(school.organisation.0)
                .bind(work.operation.0)
                .fetch_optional(&mut *work.connection)
                .await?
                .map(ImportId)
                .ok_or(Error::NotFound("import"))?;
        lock(work, import).await?;
        let current = load(work.connection, actor, import).await?;
        let kind = kind::find(backend, &current.kind)?;
        let whole_school = Resource::School(actor.organisation, school.school);
        decide(actor, kind.declaration().permission, whole_school)?;
        let cx = current.importing(backend, actor, school, true);
        let removed = kind.undo(&cx, work.connection).await?;
        sqlx::query(
            "UPDATE imports SET state = $3, undone_by = $4, undone_at = $5 WHERE organisation_id = $1 AND id = $2",
        )
        .bind(school.organisation.0)
        .bind(import.0)
        .bind(ImportState::Undone.slug())
        .bind(actor.account().map(|account| account.0))
        .bind(backend.now())
        .execute(&mut *work.connection)
        .await?;
        let entry = AuditEntry::new(AuditAction::ImportUndone)
            .subject("import", import.0)
            .details(json!({ "removed": removed, "kind": current.kind }));
        Ok(UndoneOperation { rows: removed, log: AuditLogEntries::One(entry) })
    }
}

/// Returns the stored plan if it writes nothing and nothing has changed since: the same file once more. Planning it again
/// would come to the same.
async fn is_still_planned(
    connection: &mut PgConnection,
    import: &StoredImport,
    kind: &dyn AnyKind,
) -> Result<Option<(PlanCounts, PlanHash)>> {
    let planned = import.counts.filter(|counts| counts.writes() == 0).zip(import.plan);
    let (Some(planned), Some(is_as_planned)) = (planned, kind.is_as_planned()) else { return Ok(None) };
    let unchanged = sqlx::query(is_as_planned)
        .bind(import.organisation.0)
        .bind(import.id.0)
        .fetch_optional(connection)
        .await?;
    Ok(unchanged.map(|_| planned))
}

/// Blocks other imports to the school, and other changes to this one, until the transaction ends.
async fn lock(work: &mut OperationContext<'_>, import: ImportId) -> Result<()> {
    for (statement, id) in [
        (
            "SELECT FROM schools WHERE organisation_id = $1 AND id = $2 FOR NO KEY UPDATE",
            work.school.school.0,
        ),
        ("SELECT FROM imports WHERE organisation_id = $1 AND id = $2 FOR UPDATE", import.0),
    ] {
        sqlx::query(statement)
            .bind(work.school.organisation.0)
            .bind(id)
            .execute(&mut *work.connection)
            .await?;
    }
    Ok(())
}

/// The hash of the operation that writes this plan.
fn plan_of(import: ImportId, rows: PlanHash) -> PlanHash {
    Plan::of(vec![PlannedFile { import, rows, counts: PlanCounts::default() }]).hash
}

/// Where the approval of exactly this plan stands, if somebody asked for it.
pub(super) async fn approval(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
    import: &StoredImport,
) -> Result<Option<ImportApproval>> {
    let Some(rows) = import.plan else { return Ok(None) };
    let plan = Some(plan_of(import.id, rows));
    let about = OperationSubject { field: "import", id: import.id.0, plan };
    let found = latest_about::<WriteImport>(backend, connection, school, about).await?;
    Ok(found.and_then(|(_, state)| match state {
        OperationState::Waiting => Some(ImportApproval::Waiting),
        OperationState::Approved => Some(ImportApproval::Approved),
        _ => None,
    }))
}

/// Imports a checked plan. The file is planned again first; if the plan has changed, nothing is written, the
/// new plan replaces the old one, and the response lists the rows that differ. A large file is imported by a
/// job.
pub async fn commit(
    backend: &Backend,
    actor: &Actor,
    import: ImportId,
    checked: PlanHash,
) -> Result<CommitOutcome> {
    let current = enter(backend, actor, ImportFor::Reading(import)).await?.at.import;
    current.still_open()?;
    let expected = ExpectedPlan::Plan(plan_of(import, checked));
    let input = WriteImport { import, file_name: current.file_name };
    match run(backend, actor, current.school, input, expected).await?.end {
        RunEnd::Ran(ran) => Ok(CommitOutcome::Done { import: ran.outcome }),
        RunEnd::Queued(operation) => Ok(CommitOutcome::Queued { operation }),
        RunEnd::Drifted(_) => {
            let (import, differing) = simulate::again(backend, actor, import).await?;
            Ok(CommitOutcome::Drifted { import, differing })
        }
        RunEnd::Waits => Ok(CommitOutcome::Waits),
        RunEnd::Nothing => Err(Error::unexpected("a file is always one row")),
    }
}
