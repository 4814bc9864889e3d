//! Changing your own address: requested after a step-up, confirmed with a link to the new address, undone
//! with a link to the old one. Until it is confirmed, messages go to the old address.

pub mod ask;
pub mod confirm;
pub mod messages;
pub(crate) mod told;
pub mod undo;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{AccountId, OrganisationId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;

/// How long a change waits to be confirmed.
pub const CONFIRM_LIVES: TimeDelta = TimeDelta::hours(24);
/// How long it can be undone from the old address, confirmed or not.
pub const UNDO_LIVES: TimeDelta = TimeDelta::days(7);

/// Blocks other changes of a person's addresses until the transaction ends, including those by staff. Lock
/// the person first, then the account, then what belongs to it, like every action.
async fn lock(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    person: PersonId,
    account: AccountId,
) -> Result<()> {
    sqlx::query("SELECT FROM people WHERE organisation_id = $1 AND id = $2 FOR NO KEY UPDATE")
        .bind(organisation.0)
        .bind(person.0)
        .execute(&mut *connection)
        .await?;
    sqlx::query("SELECT FROM accounts WHERE organisation_id = $1 AND id = $2 FOR NO KEY UPDATE")
        .bind(organisation.0)
        .bind(account.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Cancels changes that wait to be confirmed, and returns how many there were. They can still be undone from
/// the old address, in case they were not the owner's.
async fn cancel_pending(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    accounts: &[Uuid],
    now: DateTime<Utc>,
) -> Result<u64> {
    let ended = sqlx::query(
        "UPDATE address_changes SET expires_at = $3
         WHERE organisation_id = $1 AND account_id = ANY($2) AND confirmed_at IS NULL AND expires_at > $3",
    )
    .bind(organisation.0)
    .bind(accounts)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(ended.rows_affected())
}
