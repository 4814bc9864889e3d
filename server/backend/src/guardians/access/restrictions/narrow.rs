//! Narrowing a restriction: it closes less than before, or for fewer days. That takes a second person, like lifting it.

use chrono::TimeDelta;
use domain::authorization::policy::Permission;
use domain::guardians::restriction::RestrictionTerms;
use domain::ids::{OperationId, PersonId, RestrictionId};
use domain::operations::plan::Plan;
use domain::operations::progress::ResultPage;
use serde::{Deserialize, Serialize};

use super::change::{entries, store};
use super::loosen::{self, LoosenedRow};
use crate::operations::{AfterApproval, AppliedPlan, AuditLogEntries, Operation, OperationContext};
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result};

/// Narrows a restriction to other terms.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NarrowRestriction {
    /// The restriction.
    pub restriction: RestrictionId,
    /// The child it protects, for the second person's way to it.
    pub child: PersonId,
    /// What it says then.
    pub terms: RestrictionTerms,
}

impl Operation for NarrowRestriction {
    const KIND: &'static str = "narrow_restriction";
    const PERMISSION: Permission = Permission::ManageRestrictions;
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePlan;
    const VERB: &'static str = "Narrow";
    const KEPT: Option<TimeDelta> = None;

    type Row = LoosenedRow;
    type Beside = ();
    type Written = PersonId;
    type Outcome = PersonId;

    fn describe(&self, _rows: usize) -> String {
        format!("a restriction on what adults see of a student. Then it says: {}", self.terms.in_words())
    }

    /// The server's operator never needs a second person.
    async fn alarms(
        &self,
        work: &mut OperationContext<'_>,
        _rows: &[LoosenedRow],
        _beside: &(),
    ) -> Result<bool> {
        Ok(work.actor.account().is_some())
    }

    fn review(&self) -> Option<ResultPage> {
        loosen::review(Some(self.child))
    }

    fn result(&self, _operation: OperationId) -> ResultPage {
        ResultPage { href: "/approvals".to_owned(), label: "Open Approvals".to_owned() }
    }

    async fn plan(&self, work: &mut OperationContext<'_>) -> Result<(Plan<LoosenedRow>, ())> {
        loosen::plan(work, self.restriction).await
    }

    fn person(row: &LoosenedRow) -> Option<PersonId> {
        Some(PersonId(row.child_id))
    }

    fn about(&self, _people: Vec<PersonId>) -> Self {
        self.clone()
    }

    async fn apply(
        &self,
        work: &mut OperationContext<'_>,
        rows: Vec<LoosenedRow>,
        (): &(),
    ) -> Result<AppliedPlan<PersonId>> {
        let row = rows.into_iter().next().ok_or(Error::NotFound("restriction"))?;
        loosen::refuse_their_own(work, &row).await?;
        store(work.backend, work.connection, work.actor, self.restriction, &self.terms).await?;
        let people: Vec<PersonId> = std::iter::once(row.child_id).chain(row.adult_id).map(PersonId).collect();
        let log = entries(self.restriction, &self.terms, &people);
        Ok(AppliedPlan { written: PersonId(row.child_id), log: AuditLogEntries::EachOwn(log) })
    }

    async fn finish(
        &self,
        _backend: &Backend,
        _school: &SchoolContext,
        _operation: OperationId,
        child: PersonId,
    ) -> Result<PersonId> {
        Ok(child)
    }
}
