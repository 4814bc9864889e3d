//! Opening closed accounts again: as new ones, with the username that they had. Only a new invitation opens them.

use domain::credentials::state::AccountState;
use domain::ids::{OperationId, OrganisationId};
use domain::messages::failure::DeliveryFailure;
use sqlx::PgConnection;
use uuid::Uuid;

use super::writing::{NewAccount, met_another};
use crate::invitations::end_all;
use crate::operations::OperationContext;
use crate::{Backend, Error, Result};

/// Opens those of these accounts that were closed. They forget their password and belong to the batch that opened
/// them; second factors and linked identities are still their owner's.
pub(super) async fn reopen(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    batch: OperationId,
    ready: &[NewAccount],
) -> Result<()> {
    let closed: Vec<Uuid> = ready.iter().filter_map(|new| new.row.reopens).map(|account| account.0).collect();
    if closed.is_empty() {
        return Ok(());
    }
    reopen_closed(backend, connection, organisation, Some(batch), &closed).await
}

/// Opens these accounts if all of them are closed, for a batch or without one.
pub(crate) async fn reopen_closed(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    batch: Option<OperationId>,
    closed: &[Uuid],
) -> Result<()> {
    let opened = sqlx::query(
        "WITH closed AS (
             SELECT id FROM accounts
             WHERE organisation_id = $1 AND id = ANY($2) AND state = 'closed' ORDER BY id FOR UPDATE
         ), forgotten AS (
             DELETE FROM passwords w USING closed WHERE w.organisation_id = $1 AND w.account_id = closed.id
         ), past AS (
             UPDATE invitations i SET current = false FROM closed
             WHERE i.organisation_id = $1 AND i.account_id = closed.id AND i.current
         )
         UPDATE accounts a
         SET state = $3, activated_at = NULL, closed_at = NULL, reopened_at = $4,
             first_batch_id = CASE WHEN $5::uuid IS NULL THEN a.first_batch_id ELSE coalesce(a.first_batch_id, a.batch_id) END,
             batch_id = coalesce($5, a.batch_id)
         FROM closed WHERE a.organisation_id = $1 AND a.id = closed.id",
    )
    .bind(organisation.0)
    .bind(closed)
    .bind(AccountState::Created.stored())
    .bind(backend.now())
    .bind(batch.map(|batch| batch.0))
    .execute(connection)
    .await
    .map_err(met_another)?
    .rows_affected();
    if opened < closed.len() as u64 {
        return Err(Error::conflict(
            "roll_moved",
            "The roll changed while you were saving, so nothing was saved. Save again.",
        ));
    }
    Ok(())
}

/// Closes again what an operation had opened, while nobody has activated it, and returns how many accounts.
pub(super) async fn close_again(work: &mut OperationContext<'_>) -> Result<u64> {
    let (organisation, now) = (work.school.organisation, work.backend.now());
    let accounts: Vec<Uuid> = sqlx::query_scalar(
        "SELECT id FROM accounts
         WHERE organisation_id = $1 AND batch_id = $2 AND reopened_at IS NOT NULL AND activated_at IS NULL
         ORDER BY id FOR UPDATE",
    )
    .bind(organisation.0)
    .bind(work.operation.0)
    .fetch_all(&mut *work.connection)
    .await?;
    end_all(work.connection, organisation, &accounts, now, DeliveryFailure::Revoked).await?;
    let closed = sqlx::query(
        "UPDATE accounts
         SET state = $3, closed_at = $4, suspended_at = NULL, reopened_at = NULL, batch_id = first_batch_id
         WHERE organisation_id = $1 AND id = ANY($2)",
    )
    .bind(organisation.0)
    .bind(&accounts)
    .bind(AccountState::Closed.stored())
    .bind(now)
    .execute(&mut *work.connection)
    .await?;
    Ok(closed.rows_affected())
}
