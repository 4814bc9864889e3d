//! A rollover as an operation.

use chrono::TimeDelta;
use domain::audit::AuditAction;
use domain::authorization::policy::Permission;
use domain::ids::{GroupId, OperationId, PersonId};
use domain::operations::plan::Plan;
use domain::operations::progress::{LeftOutCount, ResultPage};
use domain::school_year::exceptions::Exceptions;
use domain::school_year::rollover::Ladder;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::plan::{RolloverRow, RolloverView, plan};
use super::{apply, undo};
use crate::audit::AuditEntry;
use crate::operations::{
    AfterApproval, AppliedPlan, AuditLogEntries, Operation, OperationContext, Undoable, UndoneOperation,
};
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result};

/// Moves a school to its next year.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RollOver {
    /// The year that ends, by its name.
    pub year: String,
    /// Where year groups go; `None` and those it leaves out go where they usually do.
    #[serde(default)]
    pub ladder: Option<Ladder>,
    /// The teaching groups that go on as new ones; `None` for all with somebody left in them.
    #[serde(default)]
    pub groups: Option<Vec<GroupId>>,
    /// Students who do not go with their year group.
    #[serde(default)]
    pub exceptions: Exceptions,
}

impl RollOver {
    /// Rolls a year over as usual.
    pub fn usual(year: &str) -> Self {
        Self { year: year.to_owned(), ladder: None, groups: None, exceptions: Exceptions::default() }
    }
}

/// What a rollover did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolledOver {
    /// The year that ended.
    pub year: String,
    /// The year that began.
    pub next: String,
    /// Students who moved up.
    pub moves: u32,
    /// Students who left.
    pub leaves: u32,
    /// Teaching groups that were closed.
    pub closed: u32,
    /// Teaching groups that go on as new ones.
    pub created: u32,
}

impl Operation for RollOver {
    const KIND: &'static str = "roll_over";
    const PERMISSION: Permission = Permission::ImportRoll;
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePlan;
    const VERB: &'static str = "Roll over";
    const KEPT: Option<TimeDelta> = None;

    type Row = RolloverRow;
    type Beside = RolloverView;
    type Written = RolledOver;
    type Outcome = RolledOver;

    fn describe(&self, rows: usize) -> String {
        format!("{}: {rows} students and groups", self.year)
    }

    fn result(&self, _operation: OperationId) -> ResultPage {
        ResultPage { href: "/school-year".to_owned(), label: "Open School year".to_owned() }
    }

    fn review(&self) -> Option<ResultPage> {
        Some(ResultPage {
            href: "/school-year/rollover".to_owned(),
            label: "See what a rollover does".to_owned(),
        })
    }

    fn left_out(view: &RolloverView) -> Vec<LeftOutCount> {
        let line = |(reason, count): (&str, u32)| LeftOutCount { reason: reason.to_owned(), count };
        [("stay in their year group", view.stays), ("start after the year", view.comes)]
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(line)
            .collect()
    }

    /// One rollover of a school at a time: the second finds the year rolled over.
    async fn lock(&self, work: &mut OperationContext<'_>) -> Result<()> {
        sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('rollover ' || $1::text, 0))")
            .bind(work.school.school.0)
            .execute(&mut *work.connection)
            .await?;
        Ok(())
    }

    async fn plan(&self, work: &mut OperationContext<'_>) -> Result<(Plan<RolloverRow>, RolloverView)> {
        plan(work.connection, work.school, self).await
    }

    /// Asked before anything waits or is queued too.
    async fn alarms(
        &self,
        _work: &mut OperationContext<'_>,
        _rows: &[RolloverRow],
        view: &RolloverView,
    ) -> Result<bool> {
        match &view.too_early {
            Some(sentence) => Err(Error::conflict("year_not_over", sentence.clone())),
            None => Ok(false),
        }
    }

    fn person(row: &RolloverRow) -> Option<PersonId> {
        match row {
            RolloverRow::Student(row) => Some(row.person),
            RolloverRow::Group { .. } => None,
        }
    }

    fn about(&self, _people: Vec<PersonId>) -> Self {
        self.clone()
    }

    async fn apply(
        &self,
        work: &mut OperationContext<'_>,
        rows: Vec<RolloverRow>,
        view: &RolloverView,
    ) -> Result<AppliedPlan<RolledOver>> {
        let done = apply::apply(work, &rows, view).await?;
        let details = json!({
            "moved_up": done.moves, "left": done.leaves, "groups_closed": done.closed, "groups_created": done.created,
        });
        let entry = AuditEntry::new(AuditAction::YearRolledOver)
            .subject("operation", work.operation.0)
            .details(details);
        Ok(AppliedPlan { written: done, log: AuditLogEntries::One(entry) })
    }

    async fn finish(
        &self,
        _backend: &Backend,
        _school: &SchoolContext,
        _operation: OperationId,
        done: RolledOver,
    ) -> Result<RolledOver> {
        Ok(done)
    }
}

impl Undoable for RollOver {
    async fn undo(work: &mut OperationContext<'_>) -> Result<UndoneOperation> {
        let rows = undo::undo(work).await?;
        let entry = AuditEntry::new(AuditAction::RolloverUndone)
            .subject("operation", work.operation.0)
            .details(json!({ "rows": rows }));
        Ok(UndoneOperation { rows, log: AuditLogEntries::One(entry) })
    }
}
