//! Queuing invitations and their messages, in the caller's transaction.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, AddressId, InvitationId, MessageId, OrganisationId, PersonId};
use domain::invitations::code::InvitationCode;
use sqlx::PgConnection;
use uuid::Uuid;

use super::message::LoadedInvitationRow;
use crate::jobs::job::Priority;
use crate::messages::queue::{MessageDestination, NewMessage, queue_with};
use crate::{Backend, Result};

/// The number of invitations inserted per statement, which limits the memory used.
pub(super) const CHUNK: usize = 10_000;

/// A person to invite, and their address.
#[derive(Debug, Clone, Copy)]
pub struct Recipient {
    /// The id of the new invitation.
    pub(crate) invitation: InvitationId,
    /// The person's account.
    pub(crate) account: AccountId,
    pub(crate) person: PersonId,
    pub(crate) address: AddressId,
    /// Whether it is a way in for its sender, who chose the address, without a second person's approval
    /// ([`crate::credentials::ways_in`]).
    pub(crate) way_in: bool,
}

/// How an invitation reaches its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channel {
    /// By email.
    Email,
    /// Staff print it and hand it over.
    Paper,
}

impl Channel {
    fn slug(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Paper => "paper",
        }
    }
}

/// A new invitation.
pub(super) struct NewInvitation {
    pub(super) id: InvitationId,
    pub(super) account: AccountId,
    pub(super) way_in: bool,
}

/// Makes one invitation for each account, which becomes its current one. It works until the end of the last of `days` days in
/// the organisation's time zone, because its message promises a whole day.
pub(super) async fn insert(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    (by, days, channel): (Option<AccountId>, i32, Channel),
    new: &[NewInvitation],
) -> Result<()> {
    let accounts: Vec<Uuid> = new.iter().map(|new| new.account.0).collect();
    let earlier: Vec<(Uuid, DateTime<Utc>)> = sqlx::query_as(
        "UPDATE invitations SET current = false
         WHERE organisation_id = $1 AND account_id = ANY($2) AND current RETURNING account_id, first_at",
    )
    .bind(organisation.0)
    .bind(&accounts)
    .fetch_all(&mut *connection)
    .await?;
    let earlier: HashMap<Uuid, DateTime<Utc>> = earlier.into_iter().collect();
    let now = backend.now();
    let hashes: Vec<_> =
        new.iter().map(|new| backend.keys.invitations.hashes(new.id.0, new.account)).collect();
    sqlx::query(
        "INSERT INTO invitations
             (id, organisation_id, account_id, channel, link_hash, code_hash, created_at, expires_at, created_by, current, first_at, way_in)
         SELECT new.id, o.id, new.account_id, $11, new.link_hash, new.code_hash, $2,
                (($2 AT TIME ZONE o.time_zone)::date + $3::int + 1)::timestamp AT TIME ZONE o.time_zone, $4, true, new.first_at, new.way_in
         FROM unnest($5::uuid[], $6::uuid[], $7::bytea[], $8::bytea[], $9::timestamptz[], $10::boolean[])
              AS new (id, account_id, link_hash, code_hash, first_at, way_in)
         JOIN organisations o ON o.id = $1",
    )
    .bind(organisation.0)
    .bind(now)
    .bind(days)
    .bind(by.map(|account| account.0))
    .bind(new.iter().map(|new| new.id.0).collect::<Vec<_>>())
    .bind(&accounts)
    .bind(hashes.iter().map(|hashes| hashes.link.as_slice()).collect::<Vec<_>>())
    .bind(hashes.iter().map(|hashes| hashes.code.as_slice()).collect::<Vec<_>>())
    .bind(accounts.iter().map(|account| *earlier.get(account).unwrap_or(&now)).collect::<Vec<_>>())
    .bind(new.iter().map(|new| new.way_in).collect::<Vec<_>>())
    .bind(channel.slug())
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes one invitation on paper for each account, and returns the codes in the same order. `way_in` says whether they count as
/// ways in that their maker opened without a second person.
///
/// The caller must have locked the accounts' rows, so that nobody else invites them at the same time.
pub(crate) async fn hand_over(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    (by, days, way_in): (Option<AccountId>, i32, bool),
    accounts: &[AccountId],
) -> Result<Vec<InvitationCode>> {
    let new: Vec<NewInvitation> = accounts
        .iter()
        .map(|account| NewInvitation { id: backend.new_id(), account: *account, way_in })
        .collect();
    insert(backend, connection, organisation, (by, days, Channel::Paper), &new).await?;
    Ok(new.iter().map(|new| backend.keys.invitations.secrets(new.id.0).code).collect())
}

/// Queues one invitation by email for each account, which becomes its current one, and wakes the workers when
/// the transaction commits. `by` is the sender; `None` if the recipient asked for it. If the recipient asked after staff
/// chose the address, it is who chose it. Takes at most [`CHUNK`]
/// recipients.
///
/// The caller must have locked the accounts' rows, so that nobody else invites them at the same time.
pub(crate) async fn queue(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    by: Option<AccountId>,
    days: i32,
    priority: Priority,
    recipients: &[Recipient],
) -> Result<()> {
    let new: Vec<NewInvitation> = recipients
        .iter()
        .map(|to| NewInvitation { id: to.invitation, account: to.account, way_in: to.way_in })
        .collect();
    insert(backend, connection, organisation, (by, days, Channel::Email), &new).await?;
    let messages: Vec<NewMessage> = recipients
        .iter()
        .map(|to| NewMessage {
            id: MessageId(to.invitation.0),
            to: MessageDestination::Address(to.address),
            person: Some(to.person),
            subject: None,
        })
        .collect();
    queue_with::<LoadedInvitationRow>(backend, connection, organisation, priority, &messages).await
}
