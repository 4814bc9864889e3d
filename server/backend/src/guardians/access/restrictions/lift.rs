//! Lifting a restriction, which always takes a second person.

use chrono::TimeDelta;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{OperationId, PersonId, RestrictionId};
use domain::operations::plan::Plan;
use domain::operations::progress::ResultPage;
use serde::{Deserialize, Serialize};

use super::loosen::{self, LoosenOutcome, LoosenedRow, ask};
use crate::audit::AuditEntry;
use crate::operations::{AfterApproval, AppliedPlan, AuditLogEntries, Operation, OperationContext};
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result};

/// Lifts a restriction.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LiftRestriction {
    /// The restriction.
    pub restriction: RestrictionId,
    /// The child it protects, for the second person's way to it.
    #[serde(default)]
    pub child: Option<PersonId>,
}

impl Operation for LiftRestriction {
    const KIND: &'static str = "lift_restriction";
    const PERMISSION: Permission = Permission::ManageRestrictions;
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePlan;
    const VERB: &'static str = "Lift";
    const KEPT: Option<TimeDelta> = None;

    type Row = LoosenedRow;
    type Beside = ();
    type Written = PersonId;
    type Outcome = PersonId;

    fn describe(&self, _rows: usize) -> String {
        "a restriction on what adults see of a student".to_owned()
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
        loosen::review(self.child)
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
        // There is nothing left to review.
        sqlx::query(
            "WITH lifted AS (
                 UPDATE access_restrictions SET lifted_at = $3, lifted_by = $4 WHERE organisation_id = $1 AND id = $2
                 RETURNING child_id, adult_id
             )
             UPDATE office_tasks t SET done_at = $3, done_by = $4 FROM lifted
             WHERE t.organisation_id = $1 AND t.kind = 'restriction_review' AND t.done_at IS NULL
               AND t.child_id = lifted.child_id AND t.adult_id IS NOT DISTINCT FROM lifted.adult_id",
        )
        .bind(work.actor.organisation.0)
        .bind(row.id)
        .bind(work.backend.now())
        .bind(work.actor.account().map(|account| account.0))
        .execute(&mut *work.connection)
        .await?;
        let details = serde_json::json!({ "scopes": row.scopes });
        let people = std::iter::once(row.child_id).chain(row.adult_id);
        let entries = people.map(|person| {
            AuditEntry::new(AuditAction::RestrictionLifted)
                .person(PersonId(person))
                .subject("restriction", row.id)
                .details(details.clone())
        });
        Ok(AppliedPlan { written: PersonId(row.child_id), log: AuditLogEntries::EachOwn(entries.collect()) })
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

/// Asks a second person to agree to lifting a restriction of a child.
///
/// # Errors
/// [`Error::NotFound`] if the restriction is not one of this child's, or was lifted; a conflict if it was asked for already.
#[tracing::instrument(skip_all, fields(child = %child, restriction = %restriction))]
pub async fn ask_to_lift(
    backend: &Backend,
    actor: &Actor,
    child: PersonId,
    restriction: RestrictionId,
) -> Result<LoosenOutcome> {
    let input = LiftRestriction { restriction, child: Some(child) };
    ask(backend, actor, (child, restriction), input).await
}

/// Lifts a restriction for the server's operator, who needs no second person: for a school where nobody else may approve.
///
/// # Errors
/// [`Error::NotFound`] if there is none with this id, or it was lifted.
#[tracing::instrument(skip_all, fields(restriction = %restriction))]
pub async fn lift_by_operator(backend: &Backend, actor: &Actor, restriction: RestrictionId) -> Result<()> {
    let child: Option<uuid::Uuid> = {
        let mut transaction = backend.tenant_transaction(actor.organisation).await?;
        sqlx::query_scalar(
            "SELECT child_id FROM access_restrictions
             WHERE organisation_id = $1 AND id = $2 AND lifted_at IS NULL",
        )
        .bind(actor.organisation.0)
        .bind(restriction.0)
        .fetch_optional(&mut *transaction)
        .await?
    };
    let child = PersonId(child.ok_or(Error::NotFound("restriction"))?);
    ask_to_lift(backend, actor, child, restriction).await?;
    Ok(())
}
