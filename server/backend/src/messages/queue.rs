//! Queuing messages in the transaction of what causes them, and cancelling them.

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, AddressId, MessageId, OrganisationId, PersonId};
use domain::messages::failure::DeliveryFailure;
use sqlx::PgConnection;
use uuid::Uuid;

use super::kind::Message;
use crate::jobs::job::Priority;
use crate::jobs::queue::wake;
use crate::{Backend, Result};

/// The channel that notifies workers of new messages.
pub const CHANNEL: &str = "messages";

/// The number of messages inserted per statement, which limits the memory used.
const CHUNK: usize = 10_000;

/// A message to queue.
#[derive(Debug, Clone)]
pub(crate) struct NewMessage {
    /// Its id; if it carries exactly one thing, such as an invitation, that thing's id.
    pub(crate) id: MessageId,
    /// The recipient.
    pub(crate) to: MessageDestination,
    /// The person it concerns; `None` for everyone with the address.
    pub(crate) person: Option<PersonId>,
    /// The id of what it tells them about.
    pub(crate) subject: Option<Uuid>,
}

/// Where a message goes.
#[derive(Debug, Clone)]
pub(crate) enum MessageDestination {
    /// To the value that this address on the roll has when the message is sent.
    Address(AddressId),
    /// To an address that is not on the roll: one that is not confirmed yet, or a former one.
    Elsewhere(String),
}

impl MessageDestination {
    fn address(&self) -> Option<Uuid> {
        match self {
            Self::Address(address) => Some(address.0),
            Self::Elsewhere(_) => None,
        }
    }

    fn recipient(&self) -> Option<&str> {
        match self {
            Self::Address(_) => None,
            Self::Elsewhere(recipient) => Some(recipient),
        }
    }
}

/// Queues messages of one kind, thousands in one statement, and wakes the workers when the transaction
/// commits.
pub(crate) async fn queue<M: Message>(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    messages: &[NewMessage],
) -> Result<()> {
    queue_with::<M>(backend, connection, organisation, M::PRIORITY, messages).await
}

/// Like [`queue`], with a different priority.
pub(crate) async fn queue_with<M: Message>(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    priority: Priority,
    messages: &[NewMessage],
) -> Result<()> {
    for messages in messages.chunks(CHUNK) {
        sqlx::query(
            "INSERT INTO messages
                 (id, organisation_id, kind, channel, priority, person_id, address_id, recipient, subject, state, due_at, created_at)
             SELECT id, $1, $2, 'email', $3, person_id, address_id, recipient, subject, 'queued', $4, $4
             FROM unnest($5::uuid[], $6::uuid[], $7::uuid[], $8::text[], $9::uuid[])
                  AS new (id, person_id, address_id, recipient, subject)",
        )
        .bind(organisation.0)
        .bind(M::KIND)
        .bind(priority.rank())
        .bind(backend.now())
        .bind(messages.iter().map(|message| message.id.0).collect::<Vec<_>>())
        .bind(messages.iter().map(|message| message.person.map(|person| person.0)).collect::<Vec<_>>())
        .bind(messages.iter().map(|message| message.to.address()).collect::<Vec<_>>())
        .bind(messages.iter().map(|message| message.to.recipient()).collect::<Vec<_>>())
        .bind(messages.iter().map(|message| message.subject).collect::<Vec<_>>())
        .execute(&mut *connection)
        .await?;
    }
    if messages.is_empty() { Ok(()) } else { wake(connection, CHANNEL).await }
}

/// Queues a message to the owner of an account, about that account, if they have an address (OWASP ASVS 5.0,
/// V6.3.7).
pub(crate) async fn tell_owner<M: Message>(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
) -> Result<()> {
    tell_owners::<M>(backend, connection, organisation, &[account.0]).await
}

/// The same for the owners of many accounts.
pub(crate) async fn tell_owners<M: Message>(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    accounts: &[Uuid],
) -> Result<()> {
    let owners: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "SELECT a.person_id, m.id FROM accounts a
         JOIN addresses m ON m.organisation_id = a.organisation_id AND m.person_id = a.person_id
         WHERE a.organisation_id = $1 AND a.id = ANY($2) AND m.kind = 'email' AND m.is_primary",
    )
    .bind(organisation.0)
    .bind(accounts)
    .fetch_all(&mut *connection)
    .await?;
    let messages: Vec<NewMessage> = owners
        .into_iter()
        .map(|(person, address)| NewMessage {
            id: backend.new_id(),
            to: MessageDestination::Address(AddressId(address)),
            person: Some(PersonId(person)),
            subject: None,
        })
        .collect();
    queue::<M>(backend, connection, organisation, &messages).await
}

/// Cancels waiting messages, including those that a worker has claimed, and records why. Returns their ids.
///
/// Locks messages in the order of their ids, like every statement that locks several, to avoid deadlocks.
pub(crate) async fn cancel(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    ids: &[Uuid],
    reason: DeliveryFailure,
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar(
        "WITH waiting AS MATERIALIZED (
             SELECT id FROM messages WHERE organisation_id = $1 AND id = ANY($2) AND state IN ('queued', 'sending')
             ORDER BY id FOR UPDATE)
         UPDATE messages m SET state = 'cancelled', lease = NULL, due_at = $4, error_code = $3, error_detail = NULL
         FROM waiting WHERE m.id = waiting.id
         RETURNING m.id",
    )
    .bind(organisation.0)
    .bind(ids)
    .bind(reason.slug())
    .bind(now)
    .fetch_all(connection)
    .await?)
}

/// Returns cancelled messages to the queue.
pub(crate) async fn queue_again(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    ids: &[Uuid],
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "UPDATE messages SET state = 'queued', due_at = $3, error_code = NULL
         WHERE organisation_id = $1 AND id = ANY($2) AND state = 'cancelled'",
    )
    .bind(organisation.0)
    .bind(ids)
    .bind(now)
    .execute(&mut *connection)
    .await?;
    wake(connection, CHANNEL).await
}
