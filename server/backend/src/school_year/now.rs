//! Doing what is due without waiting for the night. Where the night did not dare, a second person approves it.

use chrono::TimeDelta;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{OperationId, PersonId, SchoolId};
use domain::operations::facts::{Facts, FactsFormat, FactsWriter, Sink};
use domain::operations::plan::{Plan, PlannedRow};
use domain::operations::progress::ResultPage;
use domain::school_year::night::{NightCounts, NightOutcome, too_many};
use domain::school_year::settings::Periods;
use serde::{Deserialize, Serialize};

use super::apply::apply;
use super::nightly::{SchoolNight, lock, note};
use super::periods::of_schools;
use super::plan::{DueChange, plan};
use crate::operations::{
    AfterApproval, AppliedPlan, AuditLogEntries, ExpectedPlan, Operation, OperationContext, RunEnd, run,
};
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Result};

/// Does what is due at a school today.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FollowRoll {
    /// Only these people, once they are approved.
    #[serde(default)]
    people: Option<Vec<PersonId>>,
}

/// What planning finds besides the changes.
pub struct Standing {
    accounts: u32,
    periods: Periods,
    kept: u32,
}

impl Operation for FollowRoll {
    const KIND: &'static str = "follow_roll";
    const PERMISSION: Permission = Permission::ImportRoll;
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePeople;
    const VERB: &'static str = "Follow the roll for";
    const KEPT: Option<TimeDelta> = Some(TimeDelta::days(30));

    type Row = FollowedRow;
    type Beside = Standing;
    type Written = NightCounts;
    type Outcome = NightCounts;

    fn describe(&self, rows: usize) -> String {
        format!("{rows} accounts that are to be opened, disabled, closed or erased today")
    }

    fn needs_second_person(&self) -> bool {
        false
    }

    /// The same share that stops a night.
    async fn alarms(
        &self,
        work: &mut OperationContext<'_>,
        rows: &[FollowedRow],
        standing: &Standing,
    ) -> Result<bool> {
        let counts = NightCounts::of(rows.iter().map(|row| row.0.change));
        let many = too_many(counts.stopped(), standing.accounts, standing.periods.share);
        Ok(many && work.actor.account().is_some())
    }

    fn review(&self) -> Option<ResultPage> {
        Some(tonight())
    }

    fn result(&self, _operation: OperationId) -> ResultPage {
        tonight()
    }

    async fn lock(&self, work: &mut OperationContext<'_>) -> Result<()> {
        lock(work.connection, work.school.organisation).await
    }

    async fn plan(&self, work: &mut OperationContext<'_>) -> Result<(Plan<FollowedRow>, Standing)> {
        let (organisation, school) = (work.school.organisation, work.school.school);
        let periods = of_schools(work.connection, organisation).await?;
        let due = plan(work.connection, organisation, &periods, work.school.today).await?;
        let mut rows: Vec<FollowedRow> =
            due.changes.into_iter().filter(|due| due.school == school).map(FollowedRow).collect();
        if let Some(people) = &self.people {
            rows.retain(|row| people.contains(&row.0.person));
        }
        let kept = due.kept.iter().filter(|(of, _)| *of == school).count();
        let standing = Standing {
            accounts: due.standing.get(&school).copied().unwrap_or_default(),
            periods: periods.get(&school).copied().unwrap_or_default(),
            kept: u32::try_from(kept).unwrap_or(u32::MAX),
        };
        Ok((Plan::of(rows), standing))
    }

    fn person(row: &FollowedRow) -> Option<PersonId> {
        Some(row.0.person)
    }

    fn about(&self, people: Vec<PersonId>) -> Self {
        Self { people: Some(people) }
    }

    async fn apply(
        &self,
        work: &mut OperationContext<'_>,
        rows: Vec<FollowedRow>,
        standing: &Standing,
    ) -> Result<AppliedPlan<NightCounts>> {
        let changes: Vec<DueChange> = rows.into_iter().map(|row| row.0).collect();
        let counts = NightCounts::of(changes.iter().map(|due| due.change));
        let entries = apply(work.backend, work.connection, work.actor, &changes, work.school.today).await?;
        let night = SchoolNight {
            school: work.school.school,
            code: work.school.code.clone(),
            outcome: NightOutcome::Done,
            due: counts.clone(),
            done: counts.clone(),
            kept: standing.kept,
            refused: None,
        };
        forget_days_ahead(work).await?;
        note(work.backend, work.connection, work.school.organisation, &night, work.school.today).await?;
        Ok(AppliedPlan { written: counts, log: AuditLogEntries::EachOwn(entries) })
    }

    async fn finish(
        &self,
        _backend: &Backend,
        _school: &SchoolContext,
        _operation: OperationId,
        counts: NightCounts,
    ) -> Result<NightCounts> {
        Ok(counts)
    }
}

/// A change of the plan.
pub struct FollowedRow(DueChange);

impl Facts for FollowedRow {
    const FORM: FactsFormat = DueChange::FORM;

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        self.0.write(fields);
    }
}

impl PlannedRow for FollowedRow {}

fn tonight() -> ResultPage {
    ResultPage { href: "/school-year/nightly".to_owned(), label: "Open Nightly changes".to_owned() }
}

/// A person has decided about today: nights of days to come were the clock's mistake, and do not hold up the next one.
async fn forget_days_ahead(work: &mut OperationContext<'_>) -> Result<()> {
    sqlx::query("DELETE FROM nightly_runs WHERE organisation_id = $1 AND school_id = $2 AND day > $3")
        .bind(work.school.organisation.0)
        .bind(work.school.school.0)
        .bind(work.school.today)
        .execute(&mut *work.connection)
        .await?;
    Ok(())
}

/// How doing it now ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowedNow {
    /// It is done.
    Done(NightCounts),
    /// Nothing was due.
    Nothing,
    /// It waits for a second person.
    Waits,
    /// A job does it.
    Queued(OperationId),
}

/// Does what is due at a school today, or asks a second person if that stops more than the night may.
#[tracing::instrument(skip_all, fields(school = %school))]
pub async fn follow_now(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<FollowedNow> {
    let answer =
        run(backend, actor, school, FollowRoll { people: None }, ExpectedPlan::WhateverIsReady).await?;
    Ok(match answer.end {
        RunEnd::Ran(ran) => FollowedNow::Done(ran.outcome),
        RunEnd::Nothing | RunEnd::Drifted(_) => FollowedNow::Nothing,
        RunEnd::Waits => FollowedNow::Waits,
        RunEnd::Queued(operation) => FollowedNow::Queued(operation),
    })
}
