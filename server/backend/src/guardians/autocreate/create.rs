//! Create: runs exactly a stored simulation. A pair of which something has changed since is left out and shown; it is never
//! decided again.

use std::collections::HashSet;

use chrono::TimeDelta;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::guardians::access::DefaultAccess;
use domain::guardians::autocreate::options::AutocreateOptions;
use domain::ids::{AutocreateId, OperationId, PersonId, SchoolId};
use domain::operations::plan::{Plan, PlanHash};
use domain::operations::progress::{LeftOutCount, ResultPage};
use domain::roll::selection::Selection;
use serde::{Deserialize, Serialize};

use super::decide::{DecidedPair, as_proposed, decide};
use super::simulate::check_rights;
use super::{apply, read, store};
use crate::accounts::guardians as accounts;
use crate::operations::{
    AfterApproval, AppliedPlan, ExpectedPlan, Operation, OperationContext, RunEnd, Undoable, UndoneOperation,
    run,
};
use crate::roll::schools::SchoolContext;
use crate::{Backend, Error, Result};

/// Creates the accounts and the access of a simulation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AutocreateGuardians {
    /// The simulation.
    pub run: AutocreateId,
}

/// What planning finds besides the pairs.
pub struct FoundBeside {
    /// The options of the simulation.
    pub(super) options: AutocreateOptions,
    /// The access that adults get.
    pub(super) access: DefaultAccess,
    /// The numbers of the pairs of which something has changed.
    pub(super) changed: Vec<i32>,
}

/// What was written.
pub struct Created {
    accounts: usize,
}

impl Created {
    pub(super) fn new(accounts: usize) -> Self {
        Self { accounts }
    }
}

impl Operation for AutocreateGuardians {
    const KIND: &'static str = "autocreate_guardians";
    const PERMISSION: Permission = Permission::ManageGuardians;
    /// Its rows come from the stored simulation that was approved, and from nowhere else.
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePeople;
    const VERB: &'static str = "Create";
    const KEPT: Option<TimeDelta> = None;

    type Row = DecidedPair;
    type Beside = FoundBeside;
    type Written = Created;
    type Outcome = AutocreateId;

    fn describe(&self, rows: usize) -> String {
        match rows {
            1 => "accounts and access for guardians: 1 student and adult".to_owned(),
            rows => format!("accounts and access for guardians: {rows} pairs of student and adult"),
        }
    }

    fn result(&self, _operation: OperationId) -> ResultPage {
        ResultPage {
            href: format!("/guardians/autocreate/{}", self.run),
            label: "Open the result".to_owned(),
        }
    }

    fn left_out(beside: &FoundBeside) -> Vec<LeftOutCount> {
        let reason = "changed since the simulation".to_owned();
        let count = u32::try_from(beside.changed.len()).unwrap_or(u32::MAX);
        if count == 0 { Vec::new() } else { vec![LeftOutCount { reason, count }] }
    }

    async fn lock(&self, work: &mut OperationContext<'_>) -> Result<()> {
        accounts::lock(work.connection, work.school.organisation).await?;
        sqlx::query("SELECT FROM autocreate_runs WHERE organisation_id = $1 AND id = $2 FOR UPDATE")
            .bind(work.school.organisation.0)
            .bind(self.run.0)
            .execute(&mut *work.connection)
            .await?;
        Ok(())
    }

    async fn plan(&self, work: &mut OperationContext<'_>) -> Result<(Plan<DecidedPair>, FoundBeside)> {
        let (backend, school) = (work.backend, work.school);
        let stored = store::load(work.connection, school, self.run).await?;
        if stored.applied_at.is_some() {
            return Err(Error::conflict("already_created", "This simulation has already been carried out."));
        }
        if stored.expires_at <= backend.now() {
            return Err(Error::conflict(
                "simulation_expired",
                "This simulation is more than 7 days old. Run it again.",
            ));
        }
        let (options, access) = (stored.options.0, stored.access.0);
        check_rights(work.actor, school, &options)?;
        let plan = store::plan(work.connection, school, self.run).await?;
        // Exactly these children: a student who joined the roll since is not part of what was simulated.
        let now = AutocreateOptions {
            students: Selection::People { ids: plan.children.clone() },
            ..options.clone()
        };
        let children = read::children(backend, work.connection, school, &now).await?;
        let pairs = read::pairs(work.connection, work.actor, school, &children, &now, &access).await?;
        let naming = |people: &[PersonId]| as_proposed(&plan.usernames, people);
        let decided = decide(backend, work.connection, school, &now, pairs, naming).await?;
        let mut rows: Vec<(i32, DecidedPair)> = decided
            .pairs
            .into_iter()
            .filter_map(|pair| {
                let facts = &pair.read.facts;
                let (number, revision) = plan.pairs.get(&(facts.adult, facts.child))?;
                (facts.revision() == *revision && pair.outcome.acts()).then_some((*number, pair))
            })
            .collect();
        // In the order of the simulation, which its hash was made in.
        rows.sort_unstable_by_key(|(number, _)| *number);
        let stands: HashSet<i32> = rows.iter().map(|(number, _)| *number).collect();
        let mut changed: Vec<i32> = plan
            .pairs
            .values()
            .map(|(number, _)| *number)
            .filter(|number| !stands.contains(number))
            .collect();
        changed.sort_unstable();
        let rows = rows.into_iter().map(|(_, pair)| pair).collect();
        Ok((Plan::of(rows), FoundBeside { options, access, changed }))
    }

    fn person(row: &DecidedPair) -> Option<PersonId> {
        Some(row.read.facts.adult)
    }

    /// The people are those of the simulation.
    fn about(&self, _people: Vec<PersonId>) -> Self {
        self.clone()
    }

    async fn apply(
        &self,
        work: &mut OperationContext<'_>,
        rows: Vec<DecidedPair>,
        beside: &FoundBeside,
    ) -> Result<AppliedPlan<Created>> {
        apply::apply(work, self.run, rows, beside).await
    }

    async fn after_commit(&self, backend: &Backend, school: &SchoolContext, written: &Created) {
        accounts::refresh_statistics(backend, school.organisation, written.accounts).await;
    }

    async fn finish(
        &self,
        _backend: &Backend,
        _school: &SchoolContext,
        _operation: OperationId,
        _written: Created,
    ) -> Result<AutocreateId> {
        Ok(self.run)
    }
}

impl Undoable for AutocreateGuardians {
    /// Ends the access and deletes the accounts. Refused, by name, if one of the accounts has been activated.
    async fn undo(work: &mut OperationContext<'_>) -> Result<UndoneOperation> {
        super::undo::undo(work).await
    }
}

/// How asking for a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateOutcome {
    /// Done.
    Created,
    /// Nothing in it is still to be done.
    Nothing,
    /// Something has changed: this many pairs. Nothing was done; the hash is that of what is left.
    Drifted {
        /// How many pairs changed.
        changed: usize,
        /// What can be run instead.
        rest: PlanHash,
    },
    /// A second person has to approve it.
    Waits,
    /// A job runs it.
    Queued(OperationId),
}

/// Runs a simulation as it was seen: `expected` is its hash, or that of what was left after something had changed.
pub async fn create(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    simulation: AutocreateId,
    expected: PlanHash,
) -> Result<CreateOutcome> {
    let input = AutocreateGuardians { run: simulation };
    let answer = run(backend, actor, school, input, ExpectedPlan::Plan(expected)).await?;
    Ok(match answer.end {
        RunEnd::Ran(_) => CreateOutcome::Created,
        RunEnd::Nothing => CreateOutcome::Nothing,
        RunEnd::Drifted(rest) => CreateOutcome::Drifted {
            changed: answer.beside.map_or(0, |beside| beside.changed.len()),
            rest: rest.hash,
        },
        RunEnd::Waits => CreateOutcome::Waits,
        RunEnd::Queued(operation) => CreateOutcome::Queued(operation),
    })
}
