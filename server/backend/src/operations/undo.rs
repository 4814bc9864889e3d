//! Undoing an operation while nothing was built on it.

use domain::authorization::actor::Actor;
use domain::ids::{OperationId, SchoolId};
use domain::operations::state::OperationState;

use super::kind::{OperationContext, Undoable};
use super::run::refused;
use super::store;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

/// Reverts everything that an operation of this school wrote and returns the number of rows.
///
/// # Errors
/// A conflict that says what, if something was built on it.
#[tracing::instrument(skip_all, fields(%operation))]
pub async fn undo<O: Undoable>(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    operation: OperationId,
) -> Result<u64> {
    let Entered { mut transaction, at: school } =
        backend.enter(actor, O::PERMISSION, InSchool(school)).await?;
    let mut work = OperationContext::new(backend, actor, &school, &mut transaction, operation);
    match take_back::<O>(&mut work).await {
        Ok(rows) => {
            drop(work);
            transaction.commit().await?;
            Ok(rows)
        }
        Err(error) => {
            let alert = work.into_alert();
            Err(refused(backend, actor, transaction, alert, error).await?)
        }
    }
}

async fn take_back<O: Undoable>(work: &mut OperationContext<'_>) -> Result<u64> {
    let stored = store::find(work.connection, work.actor, work.operation).await?;
    if stored.kind != O::KIND || stored.school() != work.school.school {
        return Err(Error::NotFound("operation"));
    }
    match stored.state(work.backend.now()) {
        OperationState::Done => {}
        OperationState::Undone => {
            return Err(Error::conflict("already_undone", "This has already been undone."));
        }
        _ => return Err(Error::conflict("not_run", "This never ran. There is nothing to undo.")),
    }
    let undone = O::undo(work).await?;
    sqlx::query(
        "UPDATE operations SET undone_at = $3, undone_by = $4 WHERE organisation_id = $1 AND id = $2",
    )
    .bind(work.school.organisation.0)
    .bind(work.operation.0)
    .bind(work.backend.now())
    .bind(work.actor.account().map(|account| account.0))
    .execute(&mut *work.connection)
    .await?;
    work.log(undone.log).await?;
    Ok(undone.rows)
}
