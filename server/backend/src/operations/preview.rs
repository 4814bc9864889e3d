//! Previewing an operation without doing anything.

use domain::authorization::actor::Actor;
use domain::ids::SchoolId;
use domain::operations::plan::Plan;
use domain::operations::progress::LeftOutCount;

use super::kind::{Operation, OperationContext};
use super::run::sort_out;
use super::second_person::waits;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// Returns the current plan, read from one snapshot. For kinds whose plan takes no locks.
pub async fn preview<O: Operation>(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    input: &O,
) -> Result<(Plan<O::Row>, O::Beside)> {
    let Entered { mut transaction, at: school } =
        backend.enter_snapshot(actor, O::PERMISSION, InSchool(school)).await?;
    let mut work = OperationContext::new(backend, actor, &school, &mut transaction, backend.new_id());
    input.plan(&mut work).await
}

/// What an operation would do now, for the question before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehearsal {
    /// How many rows it would write.
    pub ready: usize,
    /// How many people it would leave out, by reason.
    pub left_out: Vec<LeftOutCount>,
    /// Whether a second person would have to approve it first.
    pub waits: bool,
}

/// Rehearses an operation: the same plan as a run makes, in a transaction that is rolled back. For kinds whose plan takes
/// locks too.
pub async fn rehearse<O: Operation>(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    input: &O,
) -> Result<Rehearsal> {
    let Entered { mut transaction, at: school } =
        backend.enter(actor, O::PERMISSION, InSchool(school)).await?;
    let mut work = OperationContext::new(backend, actor, &school, &mut transaction, backend.new_id());
    let (plan, beside) = input.plan(&mut work).await?;
    let (ready, _) = sort_out(plan);
    let waits = !ready.is_empty() && waits(&mut work, input, &ready, &beside, None).await?;
    drop(work);
    transaction.rollback().await?;
    Ok(Rehearsal { ready: O::size(&ready), left_out: O::left_out(&beside), waits })
}

/// The plan of a rehearsal.
pub struct RehearsedPlan<O: Operation> {
    /// What it would write.
    pub plan: Plan<O::Row>,
    /// What planning found besides.
    pub beside: O::Beside,
    /// Whether a second person would have to approve it first.
    pub waits: bool,
}

/// Rehearses an operation whose rows are always ready, and returns the plan itself: for a page that names whom it is about.
pub async fn rehearse_plan<O: Operation>(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    input: &O,
) -> Result<RehearsedPlan<O>> {
    let Entered { mut transaction, at: school } =
        backend.enter(actor, O::PERMISSION, InSchool(school)).await?;
    let mut work = OperationContext::new(backend, actor, &school, &mut transaction, backend.new_id());
    let (plan, beside) = input.plan(&mut work).await?;
    let waits = !plan.rows.is_empty() && waits(&mut work, input, &plan.rows, &beside, None).await?;
    drop(work);
    transaction.rollback().await?;
    Ok(RehearsedPlan { plan, beside, waits })
}
