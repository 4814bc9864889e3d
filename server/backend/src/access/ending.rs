//! Ending every way in that is open at a moment: what stops an account and what changes its password have in common.

use chrono::{DateTime, Utc};
use domain::ids::{OrganisationId, SessionId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;

/// Ends the sessions of these accounts but `keep`, sign-ins that are half done, links and codes to a new password, and
/// what their browsers are known by. In the transaction of what causes it, so that nothing outlives it.
pub(crate) async fn end_all(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    accounts: &[Uuid],
    keep: Option<SessionId>,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "WITH sessions_ended AS (
             DELETE FROM sessions WHERE organisation_id = $1 AND account_id = ANY($2) AND id IS DISTINCT FROM $3
         ), half_done AS (
             DELETE FROM pending_sign_ins WHERE organisation_id = $1 AND account_id = ANY($2)
         ), unknown AS (
             DELETE FROM known_devices WHERE organisation_id = $1 AND account_id = ANY($2)
         )
         UPDATE password_resets SET revoked_at = $4
         WHERE organisation_id = $1 AND account_id = ANY($2) AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $4",
    )
    .bind(organisation.0)
    .bind(accounts)
    .bind(keep.map(|session| session.0))
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}
