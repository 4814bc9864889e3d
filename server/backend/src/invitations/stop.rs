//! Stopping a sending that continues: what was not sent yet is not sent. Codes that went out stay good.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource};
use domain::ids::{BatchId, SchoolId};
use domain::invitations::failure::DeliveryFailure;
use serde_json::json;
use uuid::Uuid;

use super::revoke::mirror;
use crate::audit::{AuditEntry, record};
use crate::{Backend, Result};

/// Takes the messages to a batch of this school that still wait out of the queue, and their invitations back. Answers
/// with how many. A message that is being handed over at this moment may still arrive, with a dead code.
pub async fn stop(backend: &Backend, actor: &Actor, school: SchoolId, batch: BatchId) -> Result<u32> {
    backend.authorize(actor, Permission::SendInvitations, Resource::School(actor.organisation, school))?;
    let now = backend.now();
    let mut tx = backend.tenant_transaction(actor.organisation).await?;
    // Accounts first, in one order: that of every action.
    let accounts: Vec<Uuid> = sqlx::query_scalar(
        "SELECT a.id FROM accounts a JOIN operations b ON b.id = a.batch_id AND b.school_id = $2
         WHERE a.organisation_id = $1 AND a.batch_id = $3 ORDER BY a.id FOR UPDATE OF a",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(batch.0)
    .fetch_all(&mut *tx)
    .await?;
    let stopped = sqlx::query(
        "WITH stopped AS (
             UPDATE deliveries d SET state = 'cancelled', due_at = $2, error_code = $3, error_detail = NULL
             FROM invitations i
             WHERE i.account_id = ANY($1) AND d.invitation_id = i.id AND d.state IN ('queued', 'sending')
             RETURNING i.id
         )
         UPDATE invitations i SET revoked_at = coalesce(i.revoked_at, $2) FROM stopped WHERE i.id = stopped.id",
    )
    .bind(&accounts)
    .bind(now)
    .bind(DeliveryFailure::Revoked.slug())
    .execute(&mut *tx)
    .await?
    .rows_affected();
    if stopped > 0 {
        mirror(&mut tx, &accounts).await?;
        let entry = AuditEntry::new(AuditAction::InvitationRevoked)
            .subject("batch", batch.0)
            .details(json!({ "revoked": stopped, "cancelled": stopped }));
        record(backend, &mut tx, actor, entry).await?;
    }
    tx.commit().await?;
    Ok(u32::try_from(stopped).unwrap_or(u32::MAX))
}
