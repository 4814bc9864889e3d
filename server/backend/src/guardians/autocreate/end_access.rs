//! What is left when a run cannot be undone, because somebody uses their account: the access of the run ends, accounts that
//! nobody activated are deleted, and the others stay.

use domain::authorization::actor::Actor;
use domain::ids::{AutocreateId, SchoolId};

use super::create::AutocreateGuardians;
use super::store::{self, STANDS};
use super::undo::{end_grants, entry};
use crate::accounts::guardians::delete_unused;
use crate::audit::record;
use crate::operations::{Operation as _, OperationContext};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

/// Ends the access that a run gave. Returns how many grants ended.
///
/// # Errors
/// If it was not carried out, was undone, or is more than 7 days old.
#[tracing::instrument(skip_all, fields(%run))]
pub async fn end_access(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    run: AutocreateId,
) -> Result<u64> {
    let Entered { mut transaction, at: school } =
        backend.enter(actor, AutocreateGuardians::PERMISSION, InSchool(school)).await?;
    let operation = store::load(&mut transaction, &school, run)
        .await?
        .operation()
        .ok_or_else(|| Error::conflict("not_run", "This never ran. There is nothing to undo."))?;
    let stored = store::carried_out_by(&mut transaction, &school, operation).await?;
    if stored.undone_at.is_some() {
        return Err(Error::conflict("already_undone", "This has already been undone."));
    }
    if stored.applied_at.is_none_or(|at| at + STANDS <= backend.now()) {
        return Err(Error::conflict(
            "too_late",
            "This run is more than 7 days old. End access one by one instead.",
        ));
    }
    let mut work = OperationContext::new(backend, actor, &school, &mut transaction, operation);
    let deleted = delete_unused(&mut work, operation).await?;
    let ended = end_grants(&mut work, operation).await?;
    let entry = entry(&work, run, deleted, ended, true);
    store::undone(backend, work.connection, &school, run, true).await?;
    record(backend, work.connection, actor, entry).await?;
    drop(work);
    transaction.commit().await?;
    Ok(ended)
}
