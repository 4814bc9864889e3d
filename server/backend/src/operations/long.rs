//! Long operations, which run as jobs. A job continues when the person leaves the page, restarts on another
//! worker if its worker dies, reports its progress, and can be cancelled until it commits. Everything it
//! writes is one transaction, so stopping it early leaves nothing behind.

use std::pin::pin;
use std::sync::atomic::{AtomicI32, Ordering};

use chrono::TimeDelta;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Refusal;
use domain::ids::{AccountId, OperationId, OrganisationId, SchoolId};
use domain::operations::plan::PlanHash;
use domain::operations::progress::LeftOutCount;
use domain::operations::state::{OperationEnding, OperationState};
use uuid::Uuid;

use super::kind::{AfterApproval, Operation, OperationContext};
use super::kinds::kind;
use super::queued::{self, QueuedOperation};
use super::run::{ExpectedPlan, refused, sort_out, tell_of_request};
use super::second_person::waits;
use super::store::{self, RunMode};
use crate::authorization::scopes::actor_behind;
use crate::jobs::job::{Job, JobEnd, JobRun, RetryPolicy};
use crate::jobs::queue::queue;
use crate::tenancy::enter::Entered;
use crate::tenancy::session_of;
use crate::tenancy::target::InSchool;
use crate::{Error, Result};

/// Whether an operation on this many rows runs as a job. Commands that the server's operator runs are never
/// jobs: the operator sees the progress and stops it with Ctrl-C.
pub(super) fn is_long<O: Operation>(work: &OperationContext<'_>, input: &O, rows: usize) -> bool {
    rows > work.backend.config.rows_in_request && !input.is_answer() && work.actor.account().is_some()
}

/// Stores [`OperationContext::operation`] and queues the job that runs it. Returns the operation to follow: if the same
/// person already asked for the same and its job has not ended, that earlier one.
pub(super) async fn queue_run<O: Operation>(
    work: &mut OperationContext<'_>,
    input: &O,
    plan: PlanHash,
    size: usize,
    expected: ExpectedPlan,
) -> Result<OperationId> {
    if let Some(operation) = queued::before(work, input, plan).await? {
        return Ok(operation);
    }
    let job = work.backend.new_id();
    store::insert(work, input, plan, (size, Vec::new()), RunMode::Queued { job, expected }).await?;
    queue_job(work, job).await?;
    Ok(work.operation)
}

/// Queues the job that runs [`OperationContext::operation`], which a second person approved.
pub(super) async fn queue_approved(work: &mut OperationContext<'_>) -> Result<()> {
    let job = work.backend.new_id();
    queued::approved(work, job).await?;
    queue_job(work, job).await
}

async fn queue_job(work: &mut OperationContext<'_>, job: Uuid) -> Result<()> {
    let organisation = Some(work.school.organisation);
    queue::<RunOperation>(work.backend, work.connection, job, organisation, Some(work.operation.0)).await
}

/// The number of attempts while the database is unavailable or Greencap itself fails.
const ATTEMPTS: u32 = 5;

/// Runs a long operation.
pub struct RunOperation;

impl Job for RunOperation {
    const NAME: &'static str = "operation";
    const RETRY: RetryPolicy = RetryPolicy {
        first: TimeDelta::seconds(5),
        longest: TimeDelta::minutes(1),
        attempts: Some(ATTEMPTS),
    };

    async fn run(run: JobRun) -> Result<JobEnd> {
        let (Some(organisation), Some(operation)) = (run.organisation, run.subject) else {
            return Err(Error::unexpected("a job without an operation"));
        };
        let queued = {
            let mut connection = run.backend.tenant_transaction(organisation).await?;
            queued::of_job(&mut connection, organisation, OperationId(operation), run.id).await?
        };
        // It already ran; only the end of its job was not recorded.
        let Some(queued) = queued else { return Ok(JobEnd::Done) };
        let run_kind = kind(&run.backend, &queued.kind)?.run;
        run_kind(run, queued).await
    }
}

/// The outcome of a run in which neither the database nor Greencap failed.
enum LongRunEnd {
    /// It ran, waits for a second person, or had already ended.
    Over,
    /// It did not run.
    Ended(OperationEnding),
}

/// Before the transaction begins, there is no statement to abort.
const NO_SESSION: i32 = 0;

/// Runs an operation of one kind. If it is stopped, the running statement is aborted and everything is rolled
/// back.
pub(super) async fn run_queued<O: Operation>(run: JobRun, queued: QueuedOperation) -> Result<JobEnd> {
    let session = AtomicI32::new(NO_SESSION);
    let outcome = {
        let mut carried = pin!(carry_out::<O>(&run, &queued, &session));
        let outcome = tokio::select! {
            biased;
            outcome = &mut carried => Some(outcome),
            () = run.stopped() => None,
        };
        if outcome.is_none() {
            abort(&run, session.load(Ordering::Relaxed)).await;
        }
        outcome
    };
    let (ending, why) = match outcome {
        Some(Ok(LongRunEnd::Over)) => return Ok(JobEnd::Done),
        Some(Ok(LongRunEnd::Ended(ending))) => (ending, None),
        _ if run.is_cancelled() => (OperationEnding::Cancelled, None),
        // The worker is stopping or lost the lease: another one takes over.
        None => return Ok(JobEnd::Stopped),
        Some(Err(_)) if run.is_stopped() => return Ok(JobEnd::Stopped),
        Some(Err(error)) => match why_not(&error) {
            Some(told) => told,
            None if run.attempt < ATTEMPTS => return Err(error),
            None => {
                end(&run, &queued, OperationEnding::Failed, None).await?;
                return Err(error);
            }
        },
    };
    end(&run, &queued, ending, why.as_deref()).await?;
    Ok(if ending == OperationEnding::Cancelled { JobEnd::Stopped } else { JobEnd::Done })
}

/// Aborts the running statement. Otherwise PostgreSQL would finish it and keep its locks until then; dropping
/// the connection rolls back the rest.
async fn abort(run: &JobRun, session: i32) {
    if session == NO_SESSION {
        return;
    }
    if let Err(error) = run.backend.abort(session).await {
        tracing::warn!(job = %run.id, %error, "a statement could not be aborted");
    }
}

/// Returns how an operation ends after this error; `None` to try again.
fn why_not(error: &Error) -> Option<(OperationEnding, Option<String>)> {
    match error {
        Error::Refused(_) => Some((OperationEnding::Refused, None)),
        Error::Conflict { .. } | Error::Import(_) | Error::Limited(_) => {
            Some((OperationEnding::Failed, Some(error.to_string())))
        }
        Error::NotFound(_) | Error::Invalid(_) => Some((OperationEnding::Drifted, None)),
        Error::Unavailable(_) | Error::Unexpected(_) => None,
    }
}

async fn end(
    run: &JobRun,
    queued: &QueuedOperation,
    ending: OperationEnding,
    why: Option<&str>,
) -> Result<()> {
    let organisation = OrganisationId(queued.organisation_id);
    let mut transaction = run.backend.tenant_transaction(organisation).await?;
    let operation = (organisation, OperationId(queued.id));
    store::end(&mut transaction, operation, run.id, (ending, why), run.backend.now()).await?;
    transaction.commit().await?;
    Ok(())
}

/// Loads the person who asked, with their current permissions.
async fn requester(run: &JobRun, queued: &QueuedOperation) -> Result<Actor> {
    let organisation = OrganisationId(queued.organisation_id);
    let mut connection = run.backend.tenant_transaction(organisation).await?;
    let account = queued
        .account_id
        .ok_or_else(|| Error::unexpected("an operation without an account that asked for it"))?;
    let actor = actor_behind(&run.backend, &mut connection, organisation, AccountId(account)).await?;
    Ok(actor.ok_or(Refusal::NoRole)?.at(queued.queued.source))
}

/// The state before the commit.
enum LongRunStep<O: Operation> {
    Applied(O, O::Written),
    Nothing,
    Drifted(O),
    Waits,
    Over,
}

async fn carry_out<O: Operation>(
    run: &JobRun,
    queued: &QueuedOperation,
    session: &AtomicI32,
) -> Result<LongRunEnd> {
    let backend = &run.backend;
    let actor = requester(run, queued).await?;
    let Entered { mut transaction, at: school } =
        backend.enter(&actor, O::PERMISSION, InSchool(SchoolId(queued.school_id))).await?;
    session.store(session_of(&mut transaction).await?, Ordering::Relaxed);
    let mut work =
        OperationContext::new(backend, &actor, &school, &mut transaction, OperationId(queued.id)).in_job(run);
    let step = match take::<O>(&mut work, run, queued).await {
        Ok(step) => step,
        Err(error) => {
            let alert = work.into_alert();
            return Err(refused(backend, &actor, transaction, alert, error).await?);
        }
    };
    drop(work);
    match step {
        LongRunStep::Over => Ok(LongRunEnd::Over),
        LongRunStep::Nothing => {
            transaction.rollback().await?;
            Ok(LongRunEnd::Ended(OperationEnding::Nothing))
        }
        LongRunStep::Drifted(input) => {
            transaction.rollback().await?;
            input.after_drift(backend, &actor).await?;
            Ok(LongRunEnd::Ended(OperationEnding::Drifted))
        }
        LongRunStep::Waits => {
            transaction.commit().await?;
            Ok(LongRunEnd::Over)
        }
        LongRunStep::Applied(input, written) => {
            transaction.commit().await?;
            input.after_commit(backend, &school, &written).await;
            Ok(LongRunEnd::Over)
        }
    }
}

/// Plans again, compares the plan with the request, and applies it.
async fn take<O: Operation>(
    work: &mut OperationContext<'_>,
    run: &JobRun,
    queued: &QueuedOperation,
) -> Result<LongRunStep<O>> {
    // A worker that lost the job without noticing still has the row locked: wait until it rolls back or
    // commits.
    let stored = store::find(work.connection, work.actor, work.operation).await?;
    if stored.job_id() != Some(run.id) || stored.state(work.backend.now()) != OperationState::Running {
        return Ok(LongRunStep::Over);
    }
    work.report("Checking the plan", 0, stored.rows()).await?;
    let (input, same_plan, was_approved) = if let Some(input) = &queued.queued.input {
        let input: O = serde_json::from_value(input.clone()).map_err(Error::unexpected)?;
        (input, queued.queued.exact, false)
    } else {
        let input = store::input(work.connection, work.actor, work.operation).await?;
        (input, O::AFTER_APPROVAL == AfterApproval::SamePlan, true)
    };
    input.lock(work).await?;
    let (plan, beside) = input.plan(work).await?;
    if same_plan && !stored.is_about(plan.hash) {
        return Ok(LongRunStep::Drifted(input));
    }
    let hash = plan.hash;
    let (ready, waiting) = sort_out(plan);
    let size = O::size(&ready);
    if ready.is_empty() {
        return Ok(LongRunStep::Nothing);
    }
    // It may have grown since.
    let itself = Some(work.operation);
    if !was_approved && waits(work, &input, &ready, &beside, itself).await? {
        store::waits(work, hash, store::counted::<O>(&ready)).await?;
        work.fence().await?;
        tell_of_request::<O>(work, size).await?;
        return Ok(LongRunStep::Waits);
    }
    let mut left_out = O::left_out(&beside);
    if let Some(count) = u32::try_from(waiting.len()).ok().filter(|count| *count > 0) {
        left_out.push(LeftOutCount { reason: "need review".to_owned(), count });
    }
    store::runs::<O>(work, hash, size, &left_out).await?;
    work.report("Making the changes", 0, size).await?;
    let applied = input.apply(work, ready, &beside).await?;
    work.report("Writing the audit log", size, size).await?;
    // Before the audit log, in the same order as a cancel, so that the two cannot deadlock.
    work.fence().await?;
    work.log(applied.log).await?;
    Ok(LongRunStep::Applied(input, applied.written))
}
