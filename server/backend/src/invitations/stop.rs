//! Stopping a bulk send: unsent messages are cancelled. Codes already sent stay valid.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{BatchId, SchoolId};
use domain::messages::failure::DeliveryFailure;
use serde_json::json;
use uuid::Uuid;

use super::queries::waiting;
use super::revoke::{settle, within_rank};
use crate::audit::{AuditEntry, record};
use crate::messages::queue::cancel;
use crate::tenancy::target::School;
use crate::{Backend, Result};

/// Cancels the queued messages to a batch of this school, and withdraws their invitations, except of people with more
/// permissions than the actor. Returns how many.
/// A message that is being sent at this moment may still arrive, with a code that no longer works.
pub async fn stop(backend: &Backend, actor: &Actor, school: SchoolId, batch: BatchId) -> Result<u32> {
    let mut tx = backend.enter(actor, Permission::SendInvitations, School(school)).await?.transaction;
    let now = backend.now();
    // Lock accounts first, in a fixed order, like every action.
    let found: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "SELECT a.id, a.person_id FROM accounts a JOIN operations b ON b.id = a.batch_id AND b.school_id = $2
         WHERE a.organisation_id = $1 AND a.batch_id = $3 ORDER BY a.id FOR UPDATE OF a",
    )
    .bind(actor.organisation.0)
    .bind(school.0)
    .bind(batch.0)
    .fetch_all(&mut *tx)
    .await?;
    let accounts = within_rank(backend, &mut tx, actor, found).await?;
    let waiting = waiting(&mut tx, actor.organisation, &accounts).await?;
    let stopped = cancel(&mut tx, actor.organisation, &waiting, DeliveryFailure::Revoked, now).await?;
    sqlx::query("UPDATE invitations SET revoked_at = coalesce(revoked_at, $3) WHERE organisation_id = $1 AND id = ANY($2)")
        .bind(actor.organisation.0)
        .bind(&stopped)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    if !stopped.is_empty() {
        settle(&mut tx, &accounts).await?;
        let entry = AuditEntry::new(AuditAction::InvitationRevoked)
            .subject("batch", batch.0)
            .details(json!({ "revoked": stopped.len(), "cancelled": stopped.len() }));
        record(backend, &mut tx, actor, entry).await?;
    }
    tx.commit().await?;
    Ok(u32::try_from(stopped.len()).unwrap_or(u32::MAX))
}
