//! What lifting a restriction and narrowing it share: both open to an adult what a court or the school has closed, so one
//! person asks and another with the same permission approves.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Resource, decide};
use domain::ids::{PersonId, RestrictionId};
use domain::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use domain::operations::plan::{Plan, PlannedRow};
use domain::operations::progress::ResultPage;
use sqlx::PgConnection;
use uuid::Uuid;

use super::lift::LiftRestriction;
use super::narrow::NarrowRestriction;
use crate::operations::asked::open_requests;
use crate::operations::{ExpectedPlan, Operation, OperationContext, RunEnd, run};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Person;
use crate::{Backend, Error, Result};

/// The restriction, as it stands when somebody asks.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct LoosenedRow {
    pub(super) id: Uuid,
    pub(super) child_id: Uuid,
    pub(super) adult_id: Option<Uuid>,
    pub(super) scopes: Vec<String>,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    hides_addresses: bool,
}

const RESTRICTION: Tag = Tag::new(1);
const CHILD: Tag = Tag::new(2);
const SCOPES: Tag = Tag::new(3);
const STARTS_ON: Tag = Tag::new(4);
const ENDS_ON: Tag = Tag::new(5);
const HIDES_ADDRESSES: Tag = Tag::new(6);

/// One that was widened after the approval is not the one that was approved.
impl Facts for LoosenedRow {
    const FORM: FactsFormat = FactsFormat { name: "loosen_restriction", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields.id(RESTRICTION, self.id).id(CHILD, self.child_id);
        fields.list(SCOPES, &self.scopes, |scope, one| {
            one.text(Tag::new(1), scope);
        });
        fields.day(STARTS_ON, self.starts_on);
        if let Some(day) = self.ends_on {
            fields.day(ENDS_ON, day);
        }
        fields.number(HIDES_ADDRESSES, u64::from(self.hides_addresses));
    }
}

impl PlannedRow for LoosenedRow {}

/// The plan: the restriction, unless it was lifted.
pub(super) async fn plan(
    work: &mut OperationContext<'_>,
    restriction: RestrictionId,
) -> Result<(Plan<LoosenedRow>, ())> {
    let rows: Vec<LoosenedRow> = sqlx::query_as(
        "SELECT r.id, r.child_id, r.adult_id, r.scopes, r.starts_on, r.ends_on, r.hides_addresses
         FROM access_restrictions r
         JOIN visible_people v ON v.organisation_id = r.organisation_id AND v.person_id = r.child_id
         WHERE r.organisation_id = $1 AND r.id = $2 AND r.lifted_at IS NULL FOR UPDATE OF r",
    )
    .bind(work.actor.organisation.0)
    .bind(restriction.0)
    .fetch_all(&mut *work.connection)
    .await?;
    Ok((Plan::of(rows), ()))
}

/// The page where the second person sees what they decide about.
pub(super) fn review(child: Option<PersonId>) -> Option<ResultPage> {
    child.map(|child| ResultPage {
        href: format!("/students/{child}/access"),
        label: "See the restriction".to_owned(),
    })
}

/// An adult of the child who works here may be neither of the two people.
pub(super) async fn refuse_their_own(work: &mut OperationContext<'_>, row: &LoosenedRow) -> Result<()> {
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

/// What was asked for about a restriction and is not done yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedLoosening {
    /// The label of the button that does it under Approvals.
    pub verb: &'static str,
    /// When it was asked for, in the organisation's time zone.
    pub at: DateTime<Tz>,
    /// Whether a second person has approved it.
    pub is_approved: bool,
    /// Whether the reader asked for it.
    pub own: bool,
}

/// Returns what was asked for about each of these restrictions and is not done yet.
pub(crate) async fn asked(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    (zone, restrictions): (Tz, &[Uuid]),
) -> Result<BTreeMap<Uuid, AskedLoosening>> {
    let kinds = [LiftRestriction::KIND, NarrowRestriction::KIND];
    let open = open_requests(backend, connection, actor, &kinds, ("restriction", restrictions)).await?;
    let asked = open.into_iter().map(|request| {
        let lifts = request.kind == LiftRestriction::KIND;
        let asked = AskedLoosening {
            verb: if lifts { LiftRestriction::VERB } else { NarrowRestriction::VERB },
            at: request.at.with_timezone(&zone),
            is_approved: request.is_approved,
            own: request.own,
        };
        (request.about, asked)
    });
    Ok(asked.collect())
}

/// What became of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoosenOutcome {
    /// It waits for a second person.
    Waits,
    /// It is done: the server's operator asked.
    Done,
}

/// Asks a second person to agree to what is to become of a restriction of a child.
///
/// # Errors
/// [`Error::NotFound`] if the restriction is not one of this child's, or was lifted; a conflict if somebody has asked for
/// the same or another change already.
pub(super) async fn ask<O: Operation>(
    backend: &Backend,
    actor: &Actor,
    (child, restriction): (PersonId, RestrictionId),
    input: O,
) -> Result<LoosenOutcome> {
    let school = {
        let Entered { mut transaction, at } = backend.enter(actor, O::PERMISSION, Person(child)).await?;
        let own: Option<bool> = sqlx::query_scalar(
            "SELECT r.adult_id IS NOT DISTINCT FROM $4::uuid AND r.adult_id IS NOT NULL
                    OR EXISTS (SELECT FROM contacts k
                               WHERE k.organisation_id = $1 AND k.child_id = $2 AND k.adult_id = $4)
                    OR EXISTS (SELECT FROM access_grants g
                               WHERE g.organisation_id = $1 AND g.child_id = $2 AND g.adult_id = $4)
             FROM access_restrictions r
             WHERE r.organisation_id = $1 AND r.child_id = $2 AND r.id = $3 AND r.lifted_at IS NULL",
        )
        .bind(actor.organisation.0)
        .bind(child.0)
        .bind(restriction.0)
        .bind(actor.person().map(|person| person.0))
        .fetch_optional(&mut *transaction)
        .await?;
        let own = own.ok_or(Error::NotFound("restriction"))?;
        if !asked(backend, &mut transaction, actor, (at.zone, &[restriction.0])).await?.is_empty() {
            return Err(Error::conflict(
                "already_asked",
                "Someone has asked for a change of this restriction already. It is listed under Approvals.",
            ));
        }
        if own {
            return Err(Error::conflict(
                "own_child",
                "This is about a child of yours. Ask a colleague to do it.",
            ));
        }
        let reached = at.schools.iter().copied().find(|school| {
            decide(actor, O::PERMISSION, Resource::School(actor.organisation, *school)).is_ok()
        });
        reached.ok_or(Error::NotFound("student"))?
    };
    match run(backend, actor, school, input, ExpectedPlan::WhateverIsReady).await?.end {
        RunEnd::Ran(_) => Ok(LoosenOutcome::Done),
        RunEnd::Waits | RunEnd::Queued(_) => Ok(LoosenOutcome::Waits),
        RunEnd::Nothing | RunEnd::Drifted(_) => Err(Error::NotFound("restriction")),
    }
}
