//! Running an operation, or asking a second person to approve it first.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::ids::{OperationId, SchoolId};
use domain::operations::plan::{Plan, PlanHash, PlannedRow};
use serde_json::json;
use sqlx::{Postgres, Transaction};

use super::kind::{Operation, OperationContext};
use super::long::{is_long, queue_run};
use super::second_person::waits;
use super::store::{self, RunMode};
use crate::audit::{AuditEntry, alerts};
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

/// What a run may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedPlan {
    /// Only the plan with this hash, as someone saw it. If the plan has changed, nothing is done.
    Plan(PlanHash),
    /// Whatever is ready when it runs. Rows that need a decision are left out and reported.
    WhateverIsReady,
}

/// The result of asking for a run.
pub struct RunResult<O: Operation> {
    /// How it ended.
    pub end: RunEnd<O>,
    /// Rows that need a decision; only if the run was asked to continue without them.
    pub waiting: Vec<O::Row>,
    /// What planning found besides the rows; `None` if a job will plan it.
    pub beside: Option<O::Beside>,
}

/// How a run ended.
pub enum RunEnd<O: Operation> {
    /// It ran.
    Ran(CompletedRun<O>),
    /// No row was ready, so nothing was done.
    Nothing,
    /// The data changed after the plan was seen. Nothing was done; this is the current plan.
    Drifted(Plan<O::Row>),
    /// It waits for a second person.
    Waits,
    /// It is long, so a job runs it. [`super::progress`] returns its progress.
    Queued(OperationId),
}

/// An operation that ran.
pub struct CompletedRun<O: Operation> {
    /// The operation's id.
    pub operation: OperationId,
    /// The result from its kind.
    pub outcome: O::Outcome,
}

/// The state before the commit.
enum RunStep<O: Operation> {
    Applied(O::Written),
    Nothing,
    Drifted(Plan<O::Row>),
    Waits,
    Queued(OperationId),
}

/// Plans and runs an operation in one transaction. If a second person must approve it first, it is stored and
/// administrators are notified; if it is long, it is stored and a job runs it.
pub async fn run<O: Operation>(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    input: O,
    expected: ExpectedPlan,
) -> Result<RunResult<O>> {
    let Entered { mut transaction, at: school } =
        backend.enter(actor, O::PERMISSION, InSchool(school)).await?;
    let operation: OperationId = backend.new_id();
    let mut work = OperationContext::new(backend, actor, &school, &mut transaction, operation);
    if let Some(operation) = queue_unplanned(&mut work, &input, expected).await? {
        drop(work);
        transaction.commit().await?;
        return Ok(RunResult { end: RunEnd::Queued(operation), waiting: Vec::new(), beside: None });
    }
    let locked = input.try_lock(&mut work).await?;
    let (mut plan, mut beside) =
        if locked { input.plan(&mut work).await? } else { plan_without_locks(&input, &mut work).await? };
    if !locked && !is_long(&work, &input, O::size(&plan.rows)) {
        input.lock(&mut work).await?;
        (plan, beside) = input.plan(&mut work).await?;
    }
    let (step, input, waiting) = match take(&mut work, input, plan, &beside, expected).await {
        Ok(taken) => taken,
        Err(error) => {
            let alert = work.into_alert();
            return Err(refused(backend, actor, transaction, alert, error).await?);
        }
    };
    drop(work);
    let end = match step {
        RunStep::Nothing => RunEnd::Nothing,
        RunStep::Drifted(plan) => RunEnd::Drifted(plan),
        RunStep::Waits => {
            transaction.commit().await?;
            RunEnd::Waits
        }
        RunStep::Queued(operation) => {
            transaction.commit().await?;
            RunEnd::Queued(operation)
        }
        RunStep::Applied(written) => {
            transaction.commit().await?;
            RunEnd::Ran(ended(backend, &school, operation, &input, written).await?)
        }
    };
    Ok(RunResult { end, waiting, beside: Some(beside) })
}

/// Plans, and gives back the rows that planning locked: a run of this kind that has the lock may wait for them, and this one
/// is about to wait for that run.
async fn plan_without_locks<O: Operation>(
    input: &O,
    work: &mut OperationContext<'_>,
) -> Result<(Plan<O::Row>, O::Beside)> {
    sqlx::query("SAVEPOINT unlocked").execute(&mut *work.connection).await?;
    let planned = input.plan(work).await?;
    sqlx::query("ROLLBACK TO SAVEPOINT unlocked").execute(&mut *work.connection).await?;
    Ok(planned)
}

/// Compares the plan with what was expected, then applies it or asks a second person.
async fn take<O: Operation>(
    work: &mut OperationContext<'_>,
    input: O,
    plan: Plan<O::Row>,
    beside: &O::Beside,
    expected: ExpectedPlan,
) -> Result<(RunStep<O>, O, Vec<O::Row>)> {
    if let ExpectedPlan::Plan(hash) = expected {
        if hash != plan.hash {
            return Ok((RunStep::Drifted(plan), input, Vec::new()));
        }
        if !plan.is_ready() {
            return Err(Error::conflict("plan_not_ready", "Accept or change the remaining rows, then save."));
        }
    }
    let hash = plan.hash;
    let (ready, waiting) = sort_out(plan);
    if ready.is_empty() {
        return Ok((RunStep::Nothing, input, waiting));
    }
    let size = O::size(&ready);
    if waits(work, &input, &ready, beside, None).await? {
        let (size, people) = store::counted::<O>(&ready);
        if !store::is_asked(work, &input, hash, &people).await? {
            store::insert(work, &input, hash, (size, people), RunMode::Waits).await?;
            tell_of_request::<O>(work, size).await?;
        }
        Ok((RunStep::Waits, input, waiting))
    } else if is_long(work, &input, size) {
        let queued = queue_run(work, &input, hash, size, expected).await?;
        Ok((RunStep::Queued(queued), input, waiting))
    } else {
        store::insert(work, &input, hash, (size, Vec::new()), RunMode::Runs).await?;
        let applied = input.apply(work, ready, beside).await?;
        work.log(applied.log).await?;
        Ok((RunStep::Applied(applied.written), input, waiting))
    }
}

/// Queues an operation unplanned, if it is known to be long and needs no second person.
async fn queue_unplanned<O: Operation>(
    work: &mut OperationContext<'_>,
    input: &O,
    expected: ExpectedPlan,
) -> Result<Option<OperationId>> {
    let ExpectedPlan::Plan(hash) = expected else { return Ok(None) };
    let Some(size) = input.size_ahead(work).await?.filter(|size| is_long(work, input, *size)) else {
        return Ok(None);
    };
    // Whether a second person is needed depends on the rows.
    if input.needs_second_person() {
        return Ok(None);
    }
    queue_run(work, input, hash, size, expected).await.map(Some)
}

/// Splits a plan into rows that are ready and rows that need a decision.
pub(super) fn sort_out<R: PlannedRow>(plan: Plan<R>) -> (Vec<R>, Vec<R>) {
    if plan.is_ready() {
        (plan.rows, Vec::new())
    } else {
        plan.rows.into_iter().partition(PlannedRow::is_ready)
    }
}

/// Notifies administrators that an operation waits for approval.
pub(super) async fn tell_of_request<O: Operation>(
    work: &mut OperationContext<'_>,
    rows: usize,
) -> Result<()> {
    let details = json!({ "accounts": rows, "for": O::KIND, "school": work.school.school.0 });
    let entry =
        AuditEntry::new(AuditAction::ApprovalAsked).subject("operation", work.operation.0).details(details);
    alerts::raise(work.backend, work.connection, work.actor, entry).await
}

/// Rolls back, notifies administrators if required, and returns the error.
pub(super) async fn refused(
    backend: &Backend,
    actor: &Actor,
    transaction: Transaction<'static, Postgres>,
    alert: Option<AuditEntry>,
    error: Error,
) -> Result<Error> {
    transaction.rollback().await?;
    if let Some(entry) = alert {
        alerts::raise_alone(backend, actor, entry).await?;
    }
    Ok(error)
}

/// Builds the result of a committed operation.
pub(super) async fn ended<O: Operation>(
    backend: &Backend,
    school: &SchoolContext,
    operation: OperationId,
    input: &O,
    written: O::Written,
) -> Result<CompletedRun<O>> {
    input.after_commit(backend, school, &written).await;
    let outcome = input.finish(backend, school, operation, written).await?;
    Ok(CompletedRun { operation, outcome })
}
