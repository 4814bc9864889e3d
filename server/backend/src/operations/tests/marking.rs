//! A kind of operation that pauses halfway for as long as a test needs.

use chrono::TimeDelta;
use domain::audit::AuditAction;
use domain::authorization::policy::Permission;
use domain::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use domain::operations::plan::{Plan, PlannedRow};
use domain::operations::progress::ResultPage;
use serde::{Deserialize, Serialize};

use super::*;
use crate::audit::AuditEntry;
use crate::jobs::job::JobKind;
use crate::operations::{
    AfterApproval, AppliedPlan, AuditLogEntries, Operation, OperationContext, OperationKind, RunOperation,
};
use crate::rooms::{ROOMS, Rooms};
use crate::tenancy::places::SchoolContext;

/// The lock that a run waits for after its first row.
pub(super) const GATE: i64 = 70_001;

/// Marks people, in a table of the test.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Marking {
    pub(super) people: Vec<PersonId>,
}

pub(super) struct Marked(PersonId);

impl Facts for Marked {
    const FORM: FactsFormat = FactsFormat { name: "marking", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields.id(Tag::new(1), self.0.0);
    }
}

impl PlannedRow for Marked {}

impl Operation for Marking {
    const KIND: &'static str = "marking";
    const PERMISSION: Permission = Permission::ManageAccounts;
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePeople;
    const VERB: &'static str = "Mark";
    const KEPT: Option<TimeDelta> = None;

    type Row = Marked;
    type Beside = ();
    type Written = ();
    type Outcome = ();

    fn describe(&self, rows: usize) -> String {
        format!("{rows} marks")
    }

    fn result(&self, operation: OperationId) -> ResultPage {
        ResultPage { href: format!("/marked/{operation}"), label: "Open".to_owned() }
    }

    async fn plan(&self, _work: &mut OperationContext<'_>) -> Result<(Plan<Marked>, ()), Error> {
        Ok((Plan::of(self.people.iter().copied().map(Marked).collect()), ()))
    }

    fn person(row: &Marked) -> Option<PersonId> {
        Some(row.0)
    }

    fn about(&self, people: Vec<PersonId>) -> Self {
        Self { people }
    }

    async fn apply(
        &self,
        work: &mut OperationContext<'_>,
        rows: Vec<Marked>,
        (): &(),
    ) -> Result<AppliedPlan<()>, Error> {
        mark(work, &rows[..1]).await?;
        work.report("Marking", 1, rows.len()).await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(GATE).execute(&mut *work.connection).await?;
        mark(work, &rows[1..]).await?;
        let log = AuditLogEntries::One(AuditEntry::new(AuditAction::AccountsCreated));
        Ok(AppliedPlan { written: (), log })
    }

    async fn finish(
        &self,
        _backend: &Backend,
        _school: &SchoolContext,
        _operation: OperationId,
        (): (),
    ) -> Result<(), Error> {
        Ok(())
    }
}

async fn mark(work: &mut OperationContext<'_>, rows: &[Marked]) -> Result<(), Error> {
    sqlx::query("INSERT INTO marks SELECT unnest($1::uuid[])")
        .bind(rows.iter().map(|row| row.0.0).collect::<Vec<_>>())
        .execute(&mut *work.connection)
        .await?;
    Ok(())
}

pub(super) static WITH_MARKING: Rooms = Rooms {
    operations: &[OperationKind::of::<Marking>(), OperationKind::of::<CreateAccounts>()],
    jobs: &[JobKind::of::<RunOperation>()],
    standing: &[],
    messages: ROOMS.messages,
    imports: &[],
    given_out: &[],
    after_move: &[],
    retention: &[],
};
