//! Ending every way to sign in that is open at a moment: what stops an account and what changes its password have in
//! common.

use domain::ids::{AddressId, OrganisationId, SessionId};
use futures_util::future::{BoxFuture, FutureExt as _, ready};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Backend, Result};

/// What a room gave out that opens accounts, or changes who can: each room declares its own in `rooms`.
pub(crate) trait GivenOut: Send + Sync {
    /// Ends what waits for the people of these accounts.
    fn revoke_of_accounts<'a>(
        &self,
        backend: &'a Backend,
        connection: &'a mut PgConnection,
        organisation: OrganisationId,
        accounts: &'a [Uuid],
    ) -> BoxFuture<'a, Result<()>> {
        let _ = (backend, connection, organisation, accounts);
        ready(Ok(())).boxed()
    }

    /// Ends what was sent to these addresses.
    fn revoke_sent_to<'a>(
        &self,
        backend: &'a Backend,
        connection: &'a mut PgConnection,
        organisation: OrganisationId,
        addresses: &'a [AddressId],
    ) -> BoxFuture<'a, Result<()>> {
        let _ = (backend, connection, organisation, addresses);
        ready(Ok(())).boxed()
    }
}

/// Ends the sessions of these accounts but `keep`, sign-ins that are half done, links and codes to a new password, what
/// their browsers are known by, and what rooms gave out ([`GivenOut`]). In the transaction of what causes it, so that
/// nothing outlives it: also no sign-in that has begun with what was right until now.
pub(crate) async fn revoke_all(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    accounts: &[Uuid],
    keep: Option<SessionId>,
) -> Result<()> {
    sqlx::query(
        "WITH marked AS (
             UPDATE accounts SET ways_ended_at = $4 WHERE organisation_id = $1 AND id = ANY($2)
         ), sessions_ended AS (
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
    .bind(backend.now())
    .execute(&mut *connection)
    .await?;
    for given in backend.rooms.given_out {
        given.revoke_of_accounts(backend, connection, organisation, accounts).await?;
    }
    Ok(())
}

/// Ends the links and codes to a new password, and what rooms gave out ([`GivenOut`]), that people were sent to addresses
/// which turned out wrong: someone else may read them there. In the transaction that changes or removes them; what is
/// still queued goes to the new ones.
pub(crate) async fn revoke_everything_sent_to(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    addresses: &[AddressId],
) -> Result<()> {
    for given in backend.rooms.given_out {
        given.revoke_sent_to(backend, connection, organisation, addresses).await?;
    }
    // One message names everyone with the address, and hangs on the address of one of them.
    sqlx::query(
        "UPDATE password_resets r SET revoked_at = $3
         FROM addresses wrong, accounts a, messages d, addresses written_to
         WHERE wrong.organisation_id = $1 AND wrong.id = ANY($2)
           AND a.organisation_id = $1 AND a.person_id = wrong.person_id
           AND r.organisation_id = $1 AND r.account_id = a.id
           AND r.used_at IS NULL AND r.revoked_at IS NULL AND r.expires_at > $3
           AND d.organisation_id = $1 AND d.id = r.mail_id AND d.state IN ('sending', 'sent', 'bounced')
           AND written_to.organisation_id = $1 AND written_to.id = d.address_id
           AND written_to.comparable = wrong.comparable",
    )
    .bind(organisation.0)
    .bind(addresses.iter().map(|address| address.0).collect::<Vec<_>>())
    .bind(backend.now())
    .execute(connection)
    .await?;
    Ok(())
}
