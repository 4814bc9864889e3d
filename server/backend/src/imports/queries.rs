//! Queries shared by the actions on an import.

use chrono::{DateTime, NaiveDate, Utc};
use domain::authorization::actor::Actor;
use domain::ids::{ImportId, OperationId, OrganisationId, SchoolId};
use domain::imports::dates::DateOrder;
use domain::imports::dates::evidence::OrderEvidence;
use domain::imports::deciding::Decision;
use domain::imports::kind::KindSlug;
use domain::imports::mapping::Mapping;
use domain::imports::plan::{FileFindings, PlanCounts};
use domain::imports::problem::ImportProblem;
use domain::imports::reading::FileReading;
use domain::imports::views::ImportState;
use domain::operations::plan::PlanHash;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::kind::Importing;
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result};

/// An import as stored.
#[derive(Debug, Clone)]
pub(super) struct StoredImport {
    pub(super) id: ImportId,
    pub(super) organisation: OrganisationId,
    pub(super) school: SchoolId,
    pub(super) kind: KindSlug,
    pub(super) file_name: String,
    pub(super) state: ImportState,
    pub(super) headers: Vec<String>,
    pub(super) mapping: Mapping,
    pub(super) row_count: u32,
    /// The columns that decide, with their values.
    pub(super) decisions: Vec<Decision>,
    /// Whether it replaces what was changed by hand.
    pub(super) replaces_edits: bool,
    /// The columns whose cells are stored with the rows; `None` for all.
    pub(super) kept: Option<Vec<bool>>,
    pub(super) plan: Option<PlanHash>,
    pub(super) counts: Option<PlanCounts>,
    pub(super) findings: FileFindings,
    /// What each column says about the order of dates; `None` if the file was uploaded before this was stored.
    pub(super) date_orders: Option<Vec<OrderEvidence>>,
    /// The order of dates that was chosen.
    pub(super) date_order: Option<DateOrder>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) committed_at: Option<DateTime<Utc>>,
    pub(super) undone_at: Option<DateTime<Utc>>,
    /// How the file was read; `None` for imports from before that was kept, and after 30 days.
    pub(super) reading: Option<FileReading>,
    /// The operation that wrote it.
    pub(super) operation: Option<OperationId>,
}

impl StoredImport {
    /// The file's date in the school's time zone.
    fn day(&self, school: &SchoolContext) -> NaiveDate {
        self.created_at.with_timezone(&school.zone).date_naive()
    }

    /// Refuses if the import was already committed or discarded.
    pub(super) fn still_open(&self) -> Result<()> {
        match self.state {
            ImportState::Staged | ImportState::Planned => Ok(()),
            ImportState::Committed => Err(ImportProblem::Committed.into()),
            ImportState::Undone => Err(ImportProblem::Undone.into()),
            ImportState::Discarded => Err(ImportProblem::Discarded.into()),
        }
    }

    /// Builds the context for the kind and rules of this import.
    pub(super) fn importing<'a>(
        &self,
        backend: &'a Backend,
        actor: &'a Actor,
        school: &'a SchoolContext,
        locks: bool,
    ) -> Importing<'a> {
        let (import, day, replaces_edits) = (self.id, self.day(school), self.replaces_edits);
        Importing { backend, actor, school, import, day, replaces_edits, locks, operation: None }
    }
}

/// An import's own columns.
#[derive(sqlx::FromRow)]
pub(super) struct ImportRow {
    id: Uuid,
    organisation_id: Uuid,
    school_id: Uuid,
    kind: String,
    file_name: String,
    state: String,
    columns: Json<Vec<String>>,
    mapping: Json<Mapping>,
    row_count: i32,
    kept: Option<Vec<bool>>,
    replaces_edits: bool,
    decisions: Option<Json<Vec<Decision>>>,
    plan_hash: Option<Vec<u8>>,
    counts: Option<Json<PlanCounts>>,
    findings: Option<Json<FileFindings>>,
    date_orders: Option<Json<Vec<OrderEvidence>>>,
    date_order: Option<String>,
    created_at: DateTime<Utc>,
    committed_at: Option<DateTime<Utc>>,
    undone_at: Option<DateTime<Utc>>,
    reading: Option<Json<FileReading>>,
    operation_id: Option<Uuid>,
}

impl TryFrom<ImportRow> for StoredImport {
    type Error = Error;
    fn try_from(row: ImportRow) -> Result<Self> {
        Ok(Self {
            id: ImportId(row.id),
            organisation: OrganisationId(row.organisation_id),
            school: SchoolId(row.school_id),
            kind: KindSlug(row.kind),
            file_name: row.file_name,
            state: ImportState::from_slug(&row.state)
                .ok_or_else(|| Error::unexpected(format!("import state {}", row.state)))?,
            headers: row.columns.0,
            mapping: row.mapping.0,
            row_count: u32::try_from(row.row_count).map_err(Error::unexpected)?,
            kept: row.kept,
            replaces_edits: row.replaces_edits,
            decisions: row.decisions.map(|decisions| decisions.0).unwrap_or_default(),
            plan: row
                .plan_hash
                .map(|bytes| PlanHash::try_from(bytes.as_slice()))
                .transpose()
                .map_err(Error::unexpected)?,
            counts: row.counts.map(|counts| counts.0),
            findings: row.findings.map(|findings| findings.0).unwrap_or_default(),
            date_orders: row.date_orders.map(|evidence| evidence.0),
            date_order: row.date_order.as_deref().and_then(DateOrder::from_slug),
            created_at: row.created_at,
            committed_at: row.committed_at,
            undone_at: row.undone_at,
            reading: row.reading.map(|reading| reading.0),
            operation: row.operation_id.map(OperationId),
        })
    }
}

/// Reads an import.
pub(super) async fn load(
    connection: &mut PgConnection,
    actor: &Actor,
    import: ImportId,
) -> Result<StoredImport> {
    sqlx::query_as::<_, ImportRow>(
        "SELECT id, organisation_id, school_id, kind, file_name, state, columns, mapping, row_count, kept, replaces_edits, decisions, plan_hash, counts, findings, date_orders, date_order, created_at, committed_at, undone_at, reading, operation_id
         FROM imports WHERE organisation_id = $1 AND id = $2",
    )
    .bind(actor.organisation.0)
    .bind(import.0)
    .fetch_optional(connection)
    .await?
    .ok_or(Error::NotFound("import"))?
    .try_into()
}
