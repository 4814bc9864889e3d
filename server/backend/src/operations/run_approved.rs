//! Running an operation that a second person approved.

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::OperationId;
use domain::operations::state::OperationState;
use sqlx::PgConnection;

use super::kind::{AfterApproval, Operation, OperationContext};
use super::long::{is_long, queue_approved};
use super::run::{CompletedRun, ended, refused, sort_out};
use super::store::{self, StoredOperation};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::{AnySchool, InSchool};
use crate::{Backend, Error, Result};

/// The result of running an approved operation.
pub enum ApprovedRun<O: Operation> {
    /// It ran.
    Ran(CompletedRun<O>),
    /// It is long, so a job runs it.
    Queued,
}

/// The state before the commit.
enum ApprovedRunStep<O: Operation> {
    Applied(O, O::Written),
    Queued,
}

/// Runs an operation that the actor asked for and a second person approved: once, within a day, and only if
/// the actor still has the permission. A long one runs as a job.
#[tracing::instrument(skip_all, fields(%operation))]
pub async fn run_approved<O: Operation>(
    backend: &Backend,
    actor: &Actor,
    operation: OperationId,
) -> Result<ApprovedRun<O>> {
    // Read before the transaction that runs it, so that the request never holds two connections.
    let school = {
        let mut transaction = backend.enter(actor, Permission::UseOffice, AnySchool).await?.transaction;
        approved::<O>(backend, &mut transaction, actor, operation).await?.school()
    };
    let Entered { mut transaction, at: school } =
        backend.enter(actor, O::PERMISSION, InSchool(school)).await?;
    let mut work = OperationContext::new(backend, actor, &school, &mut transaction, operation);
    match apply::<O>(&mut work).await {
        Ok(step) => {
            drop(work);
            transaction.commit().await?;
            Ok(match step {
                ApprovedRunStep::Queued => ApprovedRun::Queued,
                ApprovedRunStep::Applied(input, written) => {
                    ApprovedRun::Ran(ended(backend, &school, operation, &input, written).await?)
                }
            })
        }
        Err(error) => {
            let alert = work.into_alert();
            Err(refused(backend, actor, transaction, alert, error).await?)
        }
    }
}

async fn apply<O: Operation>(work: &mut OperationContext<'_>) -> Result<ApprovedRunStep<O>> {
    let stored = approved::<O>(work.backend, work.connection, work.actor, work.operation).await?;
    let input: O = store::input(work.connection, work.actor, work.operation).await?;
    if is_long(work, &input, stored.rows()) {
        queue_approved(work).await?;
        return Ok(ApprovedRunStep::Queued);
    }
    input.lock(work).await?;
    let (plan, beside) = input.plan(work).await?;
    if O::AFTER_APPROVAL == AfterApproval::SamePlan && !stored.is_about(plan.hash) {
        return Err(Error::conflict(
            "plan_moved",
            "The roll changed since this was approved, so it would not do what was approved. Plan it again and ask for approval.",
        ));
    }
    let hash = plan.hash;
    let (ready, _) = sort_out(plan);
    store::runs::<O>(work, hash, O::size(&ready), &O::left_out(&beside)).await?;
    let applied = input.apply(work, ready, &beside).await?;
    work.log(applied.log).await?;
    Ok(ApprovedRunStep::Applied(input, applied.written))
}

/// Finds and locks an operation of this kind that a second person approved for the actor.
async fn approved<O: Operation>(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    operation: OperationId,
) -> Result<StoredOperation> {
    let stored = store::find(connection, actor, operation).await?;
    if !stored.is_of(actor) || stored.kind != O::KIND {
        return Err(Error::NotFound("operation"));
    }
    if stored.state(backend.now()) != OperationState::Approved {
        return Err(Error::conflict(
            "not_approved",
            "This was not approved, has already been done, or has expired. Request it again.",
        ));
    }
    Ok(stored)
}
