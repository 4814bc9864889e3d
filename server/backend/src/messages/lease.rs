//! The sender's SQL: taking messages under a lease, and recording what became of them. Every write names the lease, so that a
//! worker which lost it records nothing.
//!
//! Workers serve every organisation. Where a statement locks several messages, it does so in the order of their ids.

use chrono::{DateTime, Utc};
use domain::ids::{MessageId, PersonId};
use domain::messages::failure::DeliveryFailure;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

/// A worker's hold on messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lease(pub(super) Uuid);

/// Which messages a sender takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// Over this channel.
    pub(super) channel: &'a str,
    /// Of these kinds.
    pub(super) kinds: &'a [&'a str],
    /// Of at least this priority.
    pub(super) floor: i16,
}

/// Takes up to `limit` messages that are due, the most urgent first: new ones, ones put off until now, and those whose
/// worker died. Answers with how many.
pub(super) async fn claim(
    connection: &mut PgConnection,
    lease: Lease,
    wanted: Wanted<'_>,
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
    .bind(wanted.floor)
    .bind(wanted.channel)
    .bind(wanted.kinds)
    .execute(connection)
    .await?;
    Ok(claimed.rows_affected())
}

/// When the next message is due.
pub(super) async fn next_due(
    connection: &mut PgConnection,
    wanted: Wanted<'_>,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar(
        "SELECT min(due_at) FROM messages
         WHERE state IN ('queued', 'sending') AND priority >= $1 AND channel = $2 AND kind = ANY($3)",
    )
    .bind(wanted.floor)
    .bind(wanted.channel)
    .bind(wanted.kinds)
    .fetch_one(connection)
    .await
}

/// A message that the mail server has taken, not yet written down.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent {
    pub(super) message: MessageId,
    pub(super) at: DateTime<Utc>,
}

/// Writes down `sent`, and asks whether `next` may be handed over to `address` now: still held, still there. If so, the
/// lease on it begins again. What ends its purpose takes it out of the queue ([`super::queue::cancel`]), and out of this lease.
///
/// One statement and one commit for both, since nothing may be handed over before what was handed over is written down:
/// that is what bounds duplicates to one for a crash.
pub(super) async fn step(
    connection: &mut PgConnection,
    lease: Lease,
    sent: Option<Sent>,
    next: Option<(MessageId, &str)>,
    until: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let may_go: Option<Uuid> = sqlx::query_scalar(
        // Counting what is done has it done first: a sender locks messages in the order in which it took them.
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

/// What becomes of a message that was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Someone has to look.
    Failed,
    /// Not wanted any more.
    Cancelled,
    /// Tried again then. Counts as an attempt.
    PutOff(DateTime<Utc>),
}

/// Writes down what became of a message that was not sent. `detail` is the mail server's own line.
pub(super) async fn settle(
    connection: &mut PgConnection,
    lease: Lease,
    message: MessageId,
    outcome: &Outcome,
    failure: DeliveryFailure,
    detail: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (state, due_at, attempts) = match outcome {
        Outcome::Failed => ("failed", now, 1),
        Outcome::Cancelled => ("cancelled", now, 0),
        Outcome::PutOff(at) => ("queued", *at, 1),
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

/// Gives back all that is still held, to be sent from `due_at` on, with the reason why it was not. Counts no attempt:
/// these messages did nothing wrong.
pub(super) async fn give_back(
    connection: &mut PgConnection,
    lease: Lease,
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

/// A message as it stands in the mailbox of a Greencap without a mail server.
#[derive(Debug)]
pub(super) struct MailboxCopy {
    pub(super) message: MessageId,
    pub(super) recipient: String,
    /// Everybody whom it names.
    pub(super) people: Vec<PersonId>,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
}

/// Puts messages into the mailbox and writes down that they were sent: all of them or none, and none twice.
pub(super) async fn put_into_mailbox(
    connection: &mut PgConnection,
    lease: Lease,
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
