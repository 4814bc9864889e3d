//! Undoing a run: its access ends, and its accounts are deleted while nobody uses them.

use domain::audit::AuditAction;
use domain::ids::{AutocreateId, OperationId};
use domain::messages::failure::DeliveryFailure;
use serde_json::json;
use uuid::Uuid;

use super::store::{self, STANDS};
use crate::accounts::guardians::{delete_unused, refuse_if_used};
use crate::audit::AuditEntry;
use crate::messages::queue::cancel;
use crate::operations::{AuditLogEntries, OperationContext, UndoneOperation};
use crate::{Error, Result};

/// Undoes the run that [`OperationContext::operation`] carried out.
pub(super) async fn undo(work: &mut OperationContext<'_>) -> Result<UndoneOperation> {
    let run = store::carried_out_by(work.connection, work.school, work.operation).await?;
    if run.applied_at.is_none_or(|at| at + STANDS <= work.backend.now()) {
        return Err(Error::conflict(
            "too_late",
            "This run is more than 7 days old, so it can\u{2019}t be undone. Disable accounts or end access one by one instead.",
        ));
    }
    if run.undone_at.is_some() {
        return Err(Error::conflict("already_undone", "This has already been undone."));
    }
    let operation = work.operation;
    let deleted = delete_unused(work, operation).await?;
    let instead = "End the access of this run instead, and keep these accounts.";
    refuse_if_used(work.connection, work.school.organisation, operation, instead).await?;
    let ended = end_grants(work, operation).await?;
    let id = AutocreateId(run.id);
    store::undone(work.backend, work.connection, work.school, id, false).await?;
    Ok(UndoneOperation {
        rows: deleted + ended,
        log: AuditLogEntries::One(entry(work, id, deleted, ended, false)),
    })
}

/// The audit log's entry about a run that was undone.
pub(super) fn entry(
    work: &OperationContext<'_>,
    run: AutocreateId,
    deleted: u64,
    ended: u64,
    in_part: bool,
) -> AuditEntry {
    AuditEntry::new(AuditAction::AutocreateUndone).subject("autocreate", run.0).details(
        json!({ "school": work.school.school, "accounts": deleted, "grants": ended, "in_part": in_part }),
    )
}

/// Ends the access that an operation gave and that still stands, and drops the messages about it that were not sent.
pub(super) async fn end_grants(work: &mut OperationContext<'_>, operation: OperationId) -> Result<u64> {
    let (organisation, now) = (work.school.organisation, work.backend.now());
    let ended = sqlx::query(
        "UPDATE access_grants SET stopped_at = $3, stopped_by = $4, stopped_for = 'undo'
         WHERE organisation_id = $1 AND given_with = $2 AND stopped_at IS NULL",
    )
    .bind(organisation.0)
    .bind(operation.0)
    .bind(now)
    .bind(work.actor.account().map(|account| account.0))
    .execute(&mut *work.connection)
    .await?
    .rows_affected();
    let queued: Vec<Uuid> = sqlx::query_scalar(
        "SELECT id FROM messages WHERE organisation_id = $1 AND kind = 'new_child' AND subject = $2 AND state IN ('queued', 'sending')",
    )
    .bind(organisation.0)
    .bind(operation.0)
    .fetch_all(&mut *work.connection)
    .await?;
    cancel(work.connection, organisation, &queued, DeliveryFailure::NotNeeded, now).await?;
    Ok(ended)
}
