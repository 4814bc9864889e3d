//! A school moves to its next year: students move up or leave, teaching groups are closed and go on as new ones. One
//! operation, simulated first, and undone as a whole.

mod apply;
mod groups;
mod list;
mod operation;
mod plan;
mod undo;
mod year;

use domain::authorization::actor::Actor;
use domain::ids::{OperationId, SchoolId};
use domain::operations::plan::PlanHash;
use domain::school_year::rollover::NextStep;

pub use list::{PastRollover, RolloverYear, past, years};
pub use operation::{RollOver, RolledOver};
pub use plan::{GroupLine, RolloverView, WRONG_EXCEPTIONS, YearLine};
pub use year::UNKNOWN_YEAR;

use crate::operations::{ExpectedPlan, RunEnd, preview, run};
use crate::{Backend, Result};

/// Says what a rollover would do. Nothing is changed.
///
/// # Errors
/// A conflict if the year is unknown or was rolled over already, and a sentence about a ladder that leads nowhere.
pub async fn simulate(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    input: &RollOver,
) -> Result<RolloverView> {
    let (plan, view) = preview(backend, actor, school, input).await?;
    Ok(RolloverView { hash: Some(plan.hash), ..view })
}

/// How a rollover ended.
pub enum RolloverEnd {
    /// It is done.
    Done(OperationId, RolledOver),
    /// There was nobody to move and no group to close.
    Nothing,
    /// The roll changed since it was simulated. Nothing was done.
    Drifted,
    /// It waits for a second person.
    Waits,
    /// It is long, and a job does it.
    Queued(OperationId),
}

/// Rolls a school over: exactly what was simulated, if a hash is given.
///
/// # Errors
/// Those of [`simulate`], and a conflict if the year has not ended.
#[tracing::instrument(skip_all, fields(school = %school))]
pub async fn commit(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    input: RollOver,
    seen: Option<PlanHash>,
) -> Result<RolloverEnd> {
    let expected = seen.map_or(ExpectedPlan::WhateverIsReady, ExpectedPlan::Plan);
    Ok(match run(backend, actor, school, input, expected).await?.end {
        RunEnd::Ran(ran) => RolloverEnd::Done(ran.operation, ran.outcome),
        RunEnd::Nothing => RolloverEnd::Nothing,
        RunEnd::Drifted(_) => RolloverEnd::Drifted,
        RunEnd::Waits => RolloverEnd::Waits,
        RunEnd::Queued(operation) => RolloverEnd::Queued(operation),
    })
}

/// Undoes a rollover and returns how many students and groups went back. A student who was changed since keeps what they have now.
///
/// # Errors
/// A conflict if one of the new groups was used since.
#[tracing::instrument(skip_all, fields(school = %school, operation = %operation))]
pub async fn undo(backend: &Backend, actor: &Actor, school: SchoolId, operation: OperationId) -> Result<u64> {
    crate::operations::undo::<RollOver>(backend, actor, school, operation).await
}

/// Whether a step takes students off the roll.
pub(super) fn leaves(step: &NextStep) -> bool {
    *step == NextStep::Leaves
}
