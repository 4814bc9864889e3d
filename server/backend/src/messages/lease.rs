//! The sender's SQL: claims messages under a lease and records what happened to them. Every write checks the
//! lease, so that a worker which lost it records nothing.
//!
//! Workers serve every organisation. A statement that locks several messages locks them in the order of their
//! ids.

use chrono::{DateTime, Utc};
use domain::ids::{MessageId, PersonId};
use domain::messages::failure::DeliveryFailure;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

/// A worker's lease on messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MessageLease(pub(super) Uuid);

/// The messages a sender claims.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClaimFilter<'a> {
    /// The channel.
    pub(super) channel: &'a str,
    /// The kinds.
    pub(super) kinds: &'a [&'a str],
    /// The lowest priority.
    pub(super) floor: i16,
}

/// Claims up to `limit` due messages, most urgent first: new ones, postponed ones, and those whose worker
/// died. Returns how many.
pub(super) async fn claim(
    connection: &mut PgConnection,
    lease: MessageLease,
    filter: ClaimFilter<'_>,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: i64,
) -> sqlx::Result<u64> {
    let claimed = sqlx::query(
        "UPDATE messages m SET state = 'sending', lease = $1, due_at = $3
         FROM (SELECT id FROM messages
               WHERE state IN ('queued', 'sending') AND due_at <= $2 AND priority >= $5 AND channel = $6 AND kind = ANY($7)
               ORDER BY priority DESC, due_at LIMIT $4 FOR UPDATE SKIP LOCKED) due
         WHERE m.id = due.id",
    )
    .bind(lease.0)
    .bind(now)
    .bind(until)
    .bind(limit)
    .bind(filter.floor)
    .bind(filter.channel)
    .bind(filter.kinds)
    .execute(connection)
    .await?;
    Ok(claimed.rows_affected())
}

/// Returns when the next message is due.
pub(super) async fn next_due(
    connection: &mut PgConnection,
    filter: ClaimFilter<'_>,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar(
        "SELECT min(due_at) FROM messages
         WHERE state IN ('queued', 'sending') AND priority >= $1 AND channel = $2 AND kind = ANY($3)",
    )
    .bind(filter.floor)
    .bind(filter.channel)
    .bind(filter.kinds)
    .fetch_one(connection)
    .await
}

/// A message that the mail server accepted and that is not recorded yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct SentMessage {
    pub(super) message: MessageId,
    pub(super) at: DateTime<Utc>,
}

/// Records `sent`, and checks whether `next` may be sent to `address` now: whether it is still under this
/// lease and the address is still current. If so, renews its lease. A message whose purpose ends is removed
/// from the queue ([`super::queue::cancel`]), and from this lease.
///
/// Both happen in one statement and one commit, because nothing may be sent before the previous message is
/// recorded. This limits duplicates to one per crash.
pub(super) async fn step(
    connection: &mut PgConnection,
    lease: MessageLease,
    sent: Option<SentMessage>,
    next: Option<(MessageId, &str)>,
    until: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let may_go: Option<Uuid> = sqlx::query_scalar(
        // Reading the count forces `done` to run first: a sender locks messages in the order in which it
        // claimed them.
        "WITH done AS (
             UPDATE messages
             SET state = 'sent', sent_at = $3, lease = NULL, error_code = NULL, error_detail = NULL, attempts = attempts + 1
             WHERE id = $2 AND lease = $1
             RETURNING id
         )
         UPDATE messages m SET due_at = $6
         WHERE m.id = $4 AND (SELECT count(*) FROM done) <= 1 AND m.lease = $1 AND m.state = 'sending'
           AND $5 = CASE WHEN m.recipient IS NULL THEN (SELECT x.value FROM addresses x WHERE x.id = m.address_id)
                    ELSE m.recipient END
         RETURNING m.id",
    )
    .bind(lease.0)
    .bind(sent.map(|sent| sent.message.0))
    .bind(sent.map(|sent| sent.at))
    .bind(next.map(|(message, _)| message.0))
    .bind(next.map(|(_, address)| address))
    .bind(until)
    .fetch_optional(connection)
    .await?;
    Ok(may_go.is_some())
}

/// What happens to a message that was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum UnsentOutcome {
    /// It failed, and someone has to look into it.
    Failed,
    /// It is no longer wanted.
    Cancelled,
    /// It is retried at this time. Counts as an attempt.
    PutOff(DateTime<Utc>),
}

/// Records what happened to a message that was not sent. `detail` is the mail server's answer.
pub(super) async fn settle(
    connection: &mut PgConnection,
    lease: MessageLease,
    message: MessageId,
    outcome: &UnsentOutcome,
    failure: DeliveryFailure,
    detail: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (state, due_at, attempts) = match outcome {
        UnsentOutcome::Failed => ("failed", now, 1),
        UnsentOutcome::Cancelled => ("cancelled", now, 0),
        UnsentOutcome::PutOff(at) => ("queued", *at, 1),
    };
    sqlx::query(
        "UPDATE messages
         SET state = $3, due_at = $4, lease = NULL, error_code = $5, error_detail = $6, attempts = attempts + $7
         WHERE id = $2 AND lease = $1 AND state = 'sending'",
    )
    .bind(lease.0)
    .bind(message.0)
    .bind(state)
    .bind(due_at)
    .bind(failure.slug())
    .bind(detail)
    .bind(attempts)
    .execute(connection)
    .await?;
    Ok(())
}

/// Returns all messages still under the lease to the queue, due at `due_at`, with the reason. Does not count
/// as an attempt, because the messages are not at fault.
pub(super) async fn give_back(
    connection: &mut PgConnection,
    lease: MessageLease,
    due_at: DateTime<Utc>,
    why: Option<(DeliveryFailure, &str)>,
) -> sqlx::Result<()> {
    let (failure, detail) = why.unzip();
    sqlx::query(
        "WITH held AS MATERIALIZED (
             SELECT id FROM messages WHERE lease = $1 AND state = 'sending' ORDER BY id FOR UPDATE)
         UPDATE messages m
         SET state = 'queued', lease = NULL, due_at = $2,
             error_code = coalesce($3, error_code), error_detail = CASE WHEN $3 IS NULL THEN error_detail ELSE $4 END
         FROM held WHERE m.id = held.id",
    )
    .bind(lease.0)
    .bind(due_at)
    .bind(failure.map(DeliveryFailure::slug))
    .bind(detail)
    .execute(connection)
    .await?;
    Ok(())
}

/// A message for the mailbox page, when no mail server is configured.
#[derive(Debug)]
pub(super) struct MailboxCopy {
    pub(super) message: MessageId,
    pub(super) recipient: String,
    /// Everyone it names.
    pub(super) people: Vec<PersonId>,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

/// Adds messages to the mailbox and records them as sent: all or none, and none twice.
pub(super) async fn put_into_mailbox(
    connection: &mut PgConnection,
    lease: MessageLease,
    messages: &[MailboxCopy],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let column = |value: fn(&MailboxCopy) -> &str| messages.iter().map(value).collect::<Vec<_>>();
    sqlx::query(
        "WITH copy AS (
             SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $8::jsonb[])
                 AS m (id, recipient, subject, body_text, body_html, people)
         ), held AS MATERIALIZED (
             SELECT id FROM messages WHERE id = ANY($2) AND lease = $1 AND state = 'sending' ORDER BY id FOR UPDATE
         ), done AS (
             UPDATE messages m
             SET state = 'sent', sent_at = $7, lease = NULL, error_code = NULL, error_detail = NULL, attempts = attempts + 1
             FROM held WHERE m.id = held.id
             RETURNING m.id, m.organisation_id
         )
         INSERT INTO mailbox (message_id, organisation_id, recipient, subject, body_text, body_html, created_at, people)
         SELECT done.id, done.organisation_id, copy.recipient, copy.subject, copy.body_text, copy.body_html, $7,
                ARRAY(SELECT person::uuid FROM jsonb_array_elements_text(copy.people) AS person)
         FROM done JOIN copy ON copy.id = done.id
         ON CONFLICT DO NOTHING",
    )
    .bind(lease.0)
    .bind(messages.iter().map(|copy| copy.message.0).collect::<Vec<_>>())
    .bind(column(|copy| &copy.recipient))
    .bind(column(|copy| &copy.subject))
    .bind(column(|copy| &copy.text))
    .bind(column(|copy| &copy.html))
    .bind(now)
    .bind(messages.iter().map(|copy| Json(&copy.people)).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}
