//! Revoking every way to sign in that is currently open, as disabling an account and changing its password
//! both do.

use chrono::{DateTime, Utc};
use domain::ids::{AddressId, OrganisationId, SessionId};
use futures_util::future::{BoxFuture, FutureExt as _, ready};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Backend, Result};

/// What a room has issued that opens accounts, or changes who can open them. Each room registers its own in
/// `rooms`.
pub(crate) trait GivenOut: Send + Sync {
    /// Revokes everything issued to the people of these accounts.
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

    /// Revokes what waits to be used for the first time, such as invitations. Changing a password leaves those
    /// alone; they end when their account opens more than it did when they were made.
    fn revoke_unused<'a>(
        &self,
        backend: &'a Backend,
        connection: &'a mut PgConnection,
        organisation: OrganisationId,
        accounts: &'a [Uuid],
    ) -> BoxFuture<'a, Result<()>> {
        let _ = (backend, connection, organisation, accounts);
        ready(Ok(())).boxed()
    }

    /// Revokes everything sent to these addresses.
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

    /// Counts what was sent to an address and ended with it at a moment, and [`Self::restore_sent_to`] would restore.
    fn ended_with<'a>(
        &self,
        backend: &'a Backend,
        connection: &'a mut PgConnection,
        organisation: OrganisationId,
        removed: (AddressId, DateTime<Utc>),
    ) -> BoxFuture<'a, Result<u32>> {
        let _ = (backend, connection, organisation, removed);
        ready(Ok(0)).boxed()
    }

    /// Restores what was sent to an address and ended with it at a moment, after its removal was undone.
    fn restore_sent_to<'a>(
        &self,
        backend: &'a Backend,
        connection: &'a mut PgConnection,
        organisation: OrganisationId,
        removed: (AddressId, DateTime<Utc>),
    ) -> BoxFuture<'a, Result<()>> {
        let _ = (backend, connection, organisation, removed);
        ready(Ok(())).boxed()
    }
}

/// Ends these accounts' sessions except `keep`, unfinished sign-ins, identities at providers that wait to be
/// linked, links and codes for a new password, recognised browsers, secrets of authenticator apps that were shown and not
/// confirmed (someone else may have seen them), and what rooms issued ([`GivenOut`]). Runs
/// in the caller's transaction, so that nothing survives it, including a sign-in that began with previously
/// valid credentials.
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
         ), unlinked AS (
             DELETE FROM unlinked_identities
             WHERE organisation_id = $1 AND (account_id = ANY($2) OR proved_account_id = ANY($2))
         ), unknown AS (
             DELETE FROM known_devices WHERE organisation_id = $1 AND account_id = ANY($2)
         ), unconfirmed AS (
             DELETE FROM authenticators WHERE organisation_id = $1 AND account_id = ANY($2) AND confirmed_at IS NULL
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

/// Revokes the links and codes for a new password, and what rooms issued ([`GivenOut`]), that were sent to
/// addresses which turned out to be wrong: someone else may read them there. Runs in the transaction that
/// changes or removes the addresses; what is still queued goes to the new ones.
pub(crate) async fn revoke_everything_sent_to(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    addresses: &[AddressId],
) -> Result<()> {
    for given in backend.rooms.given_out {
        given.revoke_sent_to(backend, connection, organisation, addresses).await?;
    }
    // One message names everyone with the address, but refers to the address of only one of them.
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
