//! Writing the states of accounts: what each was before, what it is, and what ends or begins with it.

use domain::authorization::actor::Actor;
use domain::ids::OperationId;
use domain::messages::failure::DeliveryFailure;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::credentials::revoke::revoke_all;
use crate::invitations::waiting;
use crate::messages;
use crate::messages::queue::cancel;
use crate::{Backend, Result};

/// Remembers what these accounts are before an operation changes them, for its undo.
pub(super) async fn remember(
    backend: &Backend,
    connection: &mut PgConnection,
    (actor, operation): (&Actor, OperationId),
    ids: &[Uuid],
    states: &[&str],
) -> Result<()> {
    sqlx::query(
        "INSERT INTO account_state_changes (organisation_id, operation_id, account_id, before, suspended_at, locked_at,
                                            closed_at, failed_attempts, after, changed_at)
         SELECT $1, $2, a.id, a.state, a.suspended_at, a.locked_at, a.closed_at, a.failed_attempts, change.state, $5
         FROM unnest($3::uuid[], $4::text[]) AS change (id, state)
         JOIN accounts a ON a.organisation_id = $1 AND a.id = change.id",
    )
    .bind(actor.organisation.0)
    .bind(operation.0)
    .bind(ids)
    .bind(states)
    .bind(backend.now())
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes the states; an account that is suspended or closed is so from now on.
pub(super) async fn write_states(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    ids: &[Uuid],
    states: &[&str],
) -> Result<()> {
    sqlx::query(
        "UPDATE accounts a
         SET state = change.state, failed_attempts = 0, locked_at = NULL,
             suspended_at = CASE WHEN change.state = 'suspended' THEN $2::timestamptz END,
             closed_at = CASE WHEN change.state = 'closed' THEN $2::timestamptz END
         FROM unnest($3::uuid[], $4::text[]) AS change (id, state)
         WHERE a.organisation_id = $1 AND a.id = change.id",
    )
    .bind(actor.organisation.0)
    .bind(backend.now())
    .bind(ids)
    .bind(states)
    .execute(connection)
    .await?;
    Ok(())
}

/// Revokes every open way to sign in, and cancels queued messages.
pub(crate) async fn stop(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    ids: &[Uuid],
) -> Result<()> {
    revoke_all(backend, connection, actor.organisation, ids, None).await?;
    let waiting = waiting(connection, actor.organisation, ids).await?;
    cancel(connection, actor.organisation, &waiting, DeliveryFailure::AccountStopped, backend.now()).await?;
    Ok(())
}

/// Revokes the remaining invitations, so that none opens a closed account, nor the same account opened again.
pub(crate) async fn revoke(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    ids: &[Uuid],
) -> Result<()> {
    sqlx::query(
        "UPDATE invitations SET revoked_at = coalesce(revoked_at, $3), revoked_for = NULL
         WHERE organisation_id = $1 AND account_id = ANY($2) AND used_at IS NULL
           AND (revoked_at IS NULL OR revoked_for = 'address')",
    )
    .bind(actor.organisation.0)
    .bind(ids)
    .bind(backend.now())
    .execute(connection)
    .await?;
    Ok(())
}

/// Queues the messages that [`stop`] cancelled again, if their invitation is still valid.
pub(crate) async fn queue_again(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    ids: &[Uuid],
) -> Result<()> {
    let again: Vec<Uuid> = sqlx::query_scalar(
        "SELECT i.id FROM invitations i JOIN messages m ON m.id = i.id AND m.organisation_id = i.organisation_id
         WHERE i.organisation_id = $1 AND i.account_id = ANY($2) AND m.state = 'cancelled'
           AND i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $3",
    )
    .bind(actor.organisation.0)
    .bind(ids)
    .bind(backend.now())
    .fetch_all(&mut *connection)
    .await?;
    messages::queue::queue_again(connection, actor.organisation, &again, backend.now()).await
}
