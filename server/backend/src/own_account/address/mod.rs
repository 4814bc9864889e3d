//! Changing the address that messages go to oneself: asked for in a session that was just proven, confirmed with a link
//! to the new address, undone with one to the old. Until it is confirmed everything continues with the old one.

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
/// For how long it can be undone from the old address, confirmed or not.
pub const UNDO_LIVES: TimeDelta = TimeDelta::days(7);

/// Keeps other changes of a person's addresses out until the transaction ends, those by staff included. Person first,
/// then account, then what belongs to it: the order of every action that touches them.
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

/// Ends what waits to be confirmed; answers with how many there were. They can still be undone: someone who reads at
/// the old address may have something to say.
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
