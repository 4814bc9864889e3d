//! Running what a second person approved.

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::OperationId;
use domain::operations::plan::PlannedRow;
use domain::operations::state::OperationState;
use sqlx::PgConnection;

use super::kind::{AfterApproval, Operation, Work};
use super::run::{Ran, ended, refused};
use super::store::{self, Stored};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::{AnySchool, InSchool};
use crate::{Backend, Error, Result};

/// Runs an operation that its asker had approved: once, within a day, and only if they still may.
#[tracing::instrument(skip_all, fields(%operation))]
pub async fn run_approved<O: Operation>(
    backend: &Backend,
    actor: &Actor,
    operation: OperationId,
) -> Result<Ran<O>> {
    // Looked at before the transaction that runs it: who holds a connection asks for no second one.
    let school = {
        let mut transaction = backend.enter(actor, Permission::UseOffice, AnySchool).await?.transaction;
        approved::<O>(backend, &mut transaction, actor, operation).await?.school()
    };
    let Entered { mut transaction, at: school } =
        backend.enter(actor, O::PERMISSION, InSchool(school)).await?;
    let mut work = Work::new(backend, actor, &school, &mut transaction, operation);
    match apply::<O>(&mut work).await {
        Ok((input, written)) => {
            drop(work);
            transaction.commit().await?;
            ended(backend, &school, operation, &input, written).await
        }
        Err(error) => {
            let alert = work.into_alert();
            Err(refused(backend, actor, transaction, alert, error).await?)
        }
    }
}

async fn apply<O: Operation>(work: &mut Work<'_>) -> Result<(O, O::Written)> {
    let stored = approved::<O>(work.backend, work.connection, work.actor, work.operation).await?;
    let input: O = store::input(work.connection, work.actor, work.operation).await?;
    input.lock(work).await?;
    let (plan, beside) = input.plan(work).await?;
    if O::AFTER_APPROVAL == AfterApproval::SamePlan && !stored.is_about(plan.hash) {
        return Err(Error::conflict(
            "plan_moved",
            "The roll changed since this was approved, so it would not do what was approved. Plan it again and ask for approval.",
        ));
    }
    let hash = plan.hash;
    let ready: Vec<_> = plan.rows.into_iter().filter(PlannedRow::is_ready).collect();
    store::runs::<O>(work, hash, ready.len()).await?;
    let applied = input.apply(work, ready, &beside).await?;
    work.log(applied.log).await?;
    Ok((input, applied.written))
}

/// An operation of this kind that a second person approved for the actor, locked.
async fn approved<O: Operation>(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    operation: OperationId,
) -> Result<Stored> {
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
