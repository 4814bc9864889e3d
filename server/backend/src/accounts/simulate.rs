//! What a change of several accounts would do, with names, and doing exactly that.

use domain::accounts::bulk::{BulkChange, BulkSimulation};
use domain::authorization::actor::Actor;
use domain::ids::{OperationId, SchoolId};
use domain::operations::plan::PlanHash;
use domain::roll::selection::Selection;

use super::change_state::ChangeState;
use super::create::Among;
use super::portal_group::SetPortalGroup;
use crate::operations::{self, ExpectedPlan, Operation, RehearsedPlan, RunEnd, rehearse_plan, run};
use crate::roll::simulation::told;
use crate::{Backend, Result};

/// Says what a change would do, and to whom. Does nothing.
pub async fn simulate(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (among, chosen): (Among, &Selection),
    change: BulkChange,
) -> Result<BulkSimulation> {
    let selection = chosen.clone();
    let (people, stays, waits, hash) = match change {
        BulkChange::State(action) => {
            let input = ChangeState { selection, among, action };
            let RehearsedPlan { plan, beside, waits } = rehearse_plan(backend, actor, school, &input).await?;
            let people = plan.rows.iter().map(|row| row.person).collect();
            (people, beside, waits, plan.hash)
        }
        BulkChange::Portal(choice) => {
            let input = SetPortalGroup { selection, among, choice };
            let RehearsedPlan { plan, beside, waits } = rehearse_plan(backend, actor, school, &input).await?;
            let people = plan.rows.iter().map(|row| row.person).collect();
            (people, beside, waits, plan.hash)
        }
    };
    told(backend, actor, (school, ChangeState::PERMISSION), (people, stays), (waits, hash)).await
}

/// How a change ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkEnd {
    /// It is done, as this operation.
    Done(OperationId),
    /// There was nothing to change.
    Nothing,
    /// The accounts changed after the simulation. Nothing was done.
    Drifted,
    /// A second person has to approve it first.
    Waits,
    /// A job does it.
    Queued(OperationId),
}

/// Changes accounts exactly as the simulation `seen` said.
#[tracing::instrument(skip_all, fields(%school, change = change.slug()))]
pub async fn change(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (among, chosen): (Among, &Selection),
    (change, seen): (BulkChange, PlanHash),
) -> Result<BulkEnd> {
    let (selection, expected) = (chosen.clone(), ExpectedPlan::Plan(seen));
    match change {
        BulkChange::State(action) => {
            let input = ChangeState { selection, among, action };
            Ok(ended(run(backend, actor, school, input, expected).await?.end))
        }
        BulkChange::Portal(choice) => {
            let input = SetPortalGroup { selection, among, choice };
            Ok(ended(run(backend, actor, school, input, expected).await?.end))
        }
    }
}

fn ended<O: Operation>(end: RunEnd<O>) -> BulkEnd {
    match end {
        RunEnd::Ran(ran) => BulkEnd::Done(ran.operation),
        RunEnd::Nothing => BulkEnd::Nothing,
        RunEnd::Drifted(_) => BulkEnd::Drifted,
        RunEnd::Waits => BulkEnd::Waits,
        RunEnd::Queued(operation) => BulkEnd::Queued(operation),
    }
}

/// Undoes a change, and returns how many accounts there were.
pub async fn undo_change(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (operation, change): (OperationId, BulkChange),
) -> Result<u64> {
    match change {
        BulkChange::State(_) => operations::undo::<ChangeState>(backend, actor, school, operation).await,
        BulkChange::Portal(_) => operations::undo::<SetPortalGroup>(backend, actor, school, operation).await,
    }
}
