//! Lifting a restriction, which always takes a second person: one asks, another with the same permission approves.

use chrono::TimeDelta;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::ids::{OperationId, PersonId, RestrictionId};
use domain::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use domain::operations::plan::{Plan, PlannedRow};
use domain::operations::progress::ResultPage;
use domain::operations::state::WAITS;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::audit::AuditEntry;
use crate::operations::{
    AfterApproval, AppliedPlan, AuditLogEntries, ExpectedPlan, Operation, OperationContext, RunEnd, run,
};
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::Person;
use crate::{Backend, Error, Result};

/// Lifts a restriction.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LiftRestriction {
    /// The restriction.
    pub restriction: RestrictionId,
}

/// The restriction to lift.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LiftedRow {
    id: Uuid,
    child_id: Uuid,
    adult_id: Option<Uuid>,
    scopes: Vec<String>,
}

const RESTRICTION: Tag = Tag::new(1);
const CHILD: Tag = Tag::new(2);

impl Facts for LiftedRow {
    const FORM: FactsFormat = FactsFormat { name: "lift_restriction", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields.id(RESTRICTION, self.id).id(CHILD, self.child_id);
    }
}

impl PlannedRow for LiftedRow {}

impl Operation for LiftRestriction {
    const KIND: &'static str = "lift_restriction";
    const PERMISSION: Permission = Permission::ManageRestrictions;
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePlan;
    const VERB: &'static str = "Lift";
    const KEPT: Option<TimeDelta> = None;

    type Row = LiftedRow;
    type Beside = ();
    type Written = PersonId;
    type Outcome = PersonId;

    fn describe(&self, _rows: usize) -> String {
        "a restriction on what adults see of a student".to_owned()
    }

    /// It opens to an adult what a court or the school has closed. The server's operator never needs a second person.
    async fn alarms(
        &self,
        work: &mut OperationContext<'_>,
        _rows: &[LiftedRow],
        _beside: &(),
    ) -> Result<bool> {
        Ok(work.actor.account().is_some())
    }

    fn result(&self, _operation: OperationId) -> ResultPage {
        ResultPage { href: "/approvals".to_owned(), label: "Open Approvals".to_owned() }
    }

    async fn plan(&self, work: &mut OperationContext<'_>) -> Result<(Plan<LiftedRow>, ())> {
        let rows: Vec<LiftedRow> = sqlx::query_as(
            "SELECT r.id, r.child_id, r.adult_id, r.scopes FROM access_restrictions r
             JOIN visible_people v ON v.organisation_id = r.organisation_id AND v.person_id = r.child_id
             WHERE r.organisation_id = $1 AND r.id = $2 AND r.lifted_at IS NULL FOR UPDATE OF r",
        )
        .bind(work.actor.organisation.0)
        .bind(self.restriction.0)
        .fetch_all(&mut *work.connection)
        .await?;
        Ok((Plan::of(rows), ()))
    }

    fn person(row: &LiftedRow) -> Option<PersonId> {
        Some(PersonId(row.child_id))
    }

    fn about(&self, _people: Vec<PersonId>) -> Self {
        self.clone()
    }

    async fn apply(
        &self,
        work: &mut OperationContext<'_>,
        rows: Vec<LiftedRow>,
        (): &(),
    ) -> Result<AppliedPlan<PersonId>> {
        let row = rows.into_iter().next().ok_or(Error::NotFound("restriction"))?;
        self.refuse_approval_by_their_own(work, &row).await?;
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

impl LiftRestriction {
    /// An adult of the child who works here may not be the second person.
    async fn refuse_approval_by_their_own(
        &self,
        work: &mut OperationContext<'_>,
        row: &LiftedRow,
    ) -> Result<()> {
        let own: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT FROM operations w JOIN accounts a ON a.id IN (w.decided_by, w.account_id)
                            WHERE w.organisation_id = $1 AND w.id = $2
                              AND (a.person_id = $4
                                   OR EXISTS (SELECT FROM contacts k WHERE k.adult_id = a.person_id AND k.child_id = $3)
                                   OR EXISTS (SELECT FROM access_grants g
                                              WHERE g.adult_id = a.person_id AND g.child_id = $3)))",
        )
        .bind(work.actor.organisation.0)
        .bind(work.operation.0)
        .bind(row.child_id)
        .bind(row.adult_id)
        .fetch_one(&mut *work.connection)
        .await?;
        if own {
            return Err(Error::conflict(
                "own_child",
                "One of the two people is an adult of this child. Two colleagues have to ask and approve.",
            ));
        }
        Ok(())
    }
}

/// What became of asking to lift a restriction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LiftOutcome {
    /// It waits for a second person.
    Waits,
    /// The server's operator lifted it.
    Lifted,
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
) -> Result<LiftOutcome> {
    let school = {
        let Entered { mut transaction, at } =
            backend.enter(actor, LiftRestriction::PERMISSION, Person(child)).await?;
        let found: Option<(bool, bool)> = sqlx::query_as(
            "SELECT EXISTS (SELECT FROM operations w
                            WHERE w.organisation_id = $1 AND w.kind = $4 AND w.input ->> 'restriction' = $3::uuid::text
                              AND w.ran_at IS NULL AND w.approved IS NOT FALSE AND w.created_at > $5),
                    EXISTS (SELECT FROM contacts k JOIN accounts a ON a.person_id = k.adult_id
                            WHERE k.organisation_id = $1 AND k.child_id = $2 AND a.id = $6)
             FROM access_restrictions r
             WHERE r.organisation_id = $1 AND r.child_id = $2 AND r.id = $3 AND r.lifted_at IS NULL",
        )
        .bind(actor.organisation.0)
        .bind(child.0)
        .bind(restriction.0)
        .bind(LiftRestriction::KIND)
        .bind(backend.now() - WAITS)
        .bind(actor.account().map(|account| account.0))
        .fetch_optional(&mut *transaction)
        .await?;
        match found {
            None => return Err(Error::NotFound("restriction")),
            Some((true, _)) => {
                return Err(Error::conflict(
                    "already_asked",
                    "Someone has asked for this already. It is listed under Approvals.",
                ));
            }
            Some((_, true)) => {
                return Err(Error::conflict(
                    "own_child",
                    "This is about a child of yours. Ask a colleague to lift it.",
                ));
            }
            Some(_) => {}
        }
        let reached = at.schools.iter().copied().find(|school| {
            let place = Resource::School(actor.organisation, *school);
            decide(actor, LiftRestriction::PERMISSION, place).is_ok()
        });
        reached.ok_or(Error::NotFound("student"))?
    };
    let input = LiftRestriction { restriction };
    match run(backend, actor, school, input, ExpectedPlan::WhateverIsReady).await?.end {
        RunEnd::Ran(_) => Ok(LiftOutcome::Lifted),
        RunEnd::Waits | RunEnd::Queued(_) => Ok(LiftOutcome::Waits),
        RunEnd::Nothing | RunEnd::Drifted(_) => Err(Error::NotFound("restriction")),
    }
}
