//! Putting invitations and their messages into the queue, in the caller's transaction.

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, AddressId, DeliveryId, InvitationId, OrganisationId};
use domain::invitations::delivery::DeliveryState;
use sqlx::PgConnection;

use crate::db::{into, load_rows};
use crate::{Backend, Result};

/// The channel on which workers hear that there is something to send.
pub const CHANNEL: &str = "deliveries";

/// Queues one invitation by email for each account, and wakes the workers when the transaction commits. `by` is who
/// sends them; nobody where the recipient asked.
///
/// Leaves the accounts' own columns to the caller, who writes them anyway.
pub async fn queue(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    by: Option<AccountId>,
    expires_at: DateTime<Utc>,
    recipients: &[(AccountId, AddressId)],
) -> Result<()> {
    let now = backend.now();
    // Kept, so that the second COPY names what the first one made: 16 bytes each.
    let ids: Vec<InvitationId> = recipients.iter().map(|_| backend.new_id()).collect();
    load_rows(
        connection,
        into!(
            "invitations",
            "id, organisation_id, account_id, channel, link_hash, code_hash, created_at, \
             expires_at, created_by"
        ),
        ids.iter().zip(recipients),
        |row, (id, (account, _))| {
            let hashes = backend.keys.invitations.hashes(id.0, *account);
            row.plain(id)
                .plain(organisation)
                .plain(account)
                .text("email")
                .bytes(&hashes.link)
                .bytes(&hashes.code)
                .time(now)
                .time(expires_at)
                .plain_or_null(by);
        },
    )
    .await?;
    load_rows(
        connection,
        into!("deliveries", "id, organisation_id, invitation_id, address_id, state, due_at, created_at"),
        ids.iter().zip(recipients),
        |row, (id, (_, address))| {
            row.plain(backend.new_id::<DeliveryId>())
                .plain(organisation)
                .plain(id)
                .plain(address)
                .text(DeliveryState::Queued.slug())
                .time(now)
                .time(now);
        },
    )
    .await?;
    sqlx::query("SELECT pg_notify($1, '')").bind(CHANNEL).execute(connection).await?;
    Ok(())
}
