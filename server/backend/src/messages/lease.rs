//! The queue's SQL: taking messages under a lease, and writing down what became of them. Every write names the lease, so
//! that a worker which lost it records nothing.
//!
//! Workers serve every organisation.

use chrono::{DateTime, Utc};
use domain::ids::{AccountId, DeliveryId, PersonId};
use domain::invitations::failure::DeliveryFailure;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

/// A worker's hold on messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lease(pub(super) Uuid);

/// Takes up to `limit` messages that are due: new ones, ones put off until now, and those whose worker died. Answers with
/// how many.
pub(super) async fn claim(
    connection: &mut PgConnection,
    lease: Lease,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: i64,
) -> sqlx::Result<u64> {
    let claimed = sqlx::query(
        "UPDATE deliveries d SET state = 'sending', lease = $1, due_at = $3
         FROM (SELECT id FROM deliveries WHERE state IN ('queued', 'sending') AND due_at <= $2
               ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED) due
         WHERE d.id = due.id",
    )
    .bind(lease.0)
    .bind(now)
    .bind(until)
    .bind(limit)
    .execute(connection)
    .await?;
    Ok(claimed.rows_affected())
}

/// When the next message is due.
pub(super) async fn next_due(connection: &mut PgConnection) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar("SELECT min(due_at) FROM deliveries WHERE state IN ('queued', 'sending')")
        .fetch_one(connection)
        .await
}

/// A message that the mail server has taken, not yet written down.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent {
    pub(super) delivery: DeliveryId,
    /// Whose latest invitation it carried; none for other messages.
    pub(super) account: Option<AccountId>,
    pub(super) at: DateTime<Utc>,
}

/// Writes down `sent`, and asks whether `next` may be handed over to `address` now: still held, still wanted, still
/// there. If so, the lease on it starts again.
///
/// One statement and one commit for both, since nothing may be handed over before what was handed over is written down:
/// that is what bounds duplicates to one for a crash.
pub(super) async fn step(
    connection: &mut PgConnection,
    lease: Lease,
    sent: Option<Sent>,
    next: Option<(DeliveryId, &str)>,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let may_go: Option<Uuid> = sqlx::query_scalar(
        // The account is locked first: the order of every action that touches both.
        "WITH account AS (
             SELECT id FROM accounts WHERE id = $3 FOR UPDATE
         ), done AS (
             UPDATE deliveries d
             SET state = 'sent', sent_at = $4, lease = NULL, error_code = NULL, error_detail = NULL, attempts = attempts + 1
             WHERE d.id = $2 AND d.lease = $1 AND ($3 IS NULL OR EXISTS (SELECT FROM account))
             RETURNING d.invitation_id
         ), mirror AS (
             UPDATE accounts a SET delivery_state = 'sent'
             FROM done JOIN invitations i ON i.id = done.invitation_id
             WHERE a.id = i.account_id AND a.delivery_state IS DISTINCT FROM 'sent' AND NOT EXISTS (
                 SELECT FROM invitations later
                 WHERE later.account_id = a.id AND (later.created_at, later.id) > (i.created_at, i.id))
         )
         UPDATE deliveries d SET due_at = $8
         WHERE d.id = $5 AND d.lease = $1 AND d.state = 'sending'
           AND $6 = coalesce((SELECT m.value FROM addresses m WHERE m.id = d.address_id),
                             (SELECT r.recipient FROM recovery_mails r WHERE r.id = d.recovery_mail_id))
           AND (d.invitation_id IS NULL OR EXISTS (
               SELECT FROM invitations i JOIN accounts a ON a.id = i.account_id
               WHERE i.id = d.invitation_id AND i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $7
                 AND a.state IN ('created', 'invited')))
         RETURNING d.id",
    )
    .bind(lease.0)
    .bind(sent.map(|sent| sent.delivery.0))
    .bind(sent.and_then(|sent| sent.account).map(|account| account.0))
    .bind(sent.map(|sent| sent.at))
    .bind(next.map(|(delivery, _)| delivery.0))
    .bind(next.map(|(_, address)| address))
    .bind(now)
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
    delivery: DeliveryId,
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
        "WITH account AS (
             SELECT a.id FROM accounts a JOIN invitations i ON i.account_id = a.id JOIN deliveries d ON d.invitation_id = i.id
             WHERE d.id = $2 FOR UPDATE OF a
         ), done AS (
             UPDATE deliveries d
             SET state = $3, due_at = $4, lease = NULL, error_code = $5, error_detail = $6, attempts = attempts + $7
             WHERE d.id = $2 AND d.lease = $1 AND d.state = 'sending'
               AND (d.invitation_id IS NULL OR EXISTS (SELECT FROM account))
             RETURNING d.invitation_id
         )
         UPDATE accounts a SET delivery_state = $3
         FROM done JOIN invitations i ON i.id = done.invitation_id
         WHERE a.id = i.account_id AND a.delivery_state IS DISTINCT FROM $3 AND NOT EXISTS (
             SELECT FROM invitations later
             WHERE later.account_id = a.id AND (later.created_at, later.id) > (i.created_at, i.id))",
    )
    .bind(lease.0)
    .bind(delivery.0)
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
        "UPDATE deliveries
         SET state = 'queued', lease = NULL, due_at = $2,
             error_code = coalesce($3, error_code), error_detail = CASE WHEN $3 IS NULL THEN error_detail ELSE $4 END
         WHERE lease = $1 AND state = 'sending'",
    )
    .bind(lease.0)
    .bind(due_at)
    .bind(failure.map(DeliveryFailure::slug))
    .bind(detail)
    .execute(connection)
    .await?;
    Ok(())
}

/// A message as it stands in the mailbox of the embedded mode.
#[derive(Debug)]
pub(super) struct MailboxCopy {
    pub(super) delivery: DeliveryId,
    pub(super) recipient: String,
    /// Everyone whom it names.
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
        "WITH message AS (
             SELECT * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $8::jsonb[])
                 AS m (id, recipient, subject, body_text, body_html, people)
         ), account AS (
             SELECT a.id FROM message m JOIN deliveries d ON d.id = m.id JOIN invitations i ON i.id = d.invitation_id
             JOIN accounts a ON a.id = i.account_id
             ORDER BY a.id FOR UPDATE OF a
         ), done AS (
             UPDATE deliveries d
             SET state = 'sent', sent_at = $7, lease = NULL, error_code = NULL, error_detail = NULL, attempts = attempts + 1
             FROM message m
             WHERE d.id = m.id AND d.lease = $1 AND d.state = 'sending'
               AND (d.invitation_id IS NULL OR (SELECT count(*) FROM account) > 0)
             RETURNING d.id, d.organisation_id, d.invitation_id
         ), mirror AS (
             UPDATE accounts a SET delivery_state = 'sent'
             FROM done JOIN invitations i ON i.id = done.invitation_id
             WHERE a.id = i.account_id AND NOT EXISTS (
                 SELECT FROM invitations later
                 WHERE later.account_id = a.id AND (later.created_at, later.id) > (i.created_at, i.id))
         )
         INSERT INTO mailbox_messages
             (delivery_id, organisation_id, recipient, subject, body_text, body_html, created_at, people)
         SELECT done.id, done.organisation_id, m.recipient, m.subject, m.body_text, m.body_html, $7,
                ARRAY(SELECT person::uuid FROM jsonb_array_elements_text(m.people) AS person)
         FROM done JOIN message m ON m.id = done.id
         ON CONFLICT DO NOTHING",
    )
    .bind(lease.0)
    .bind(messages.iter().map(|message| message.delivery.0).collect::<Vec<_>>())
    .bind(column(|message| &message.recipient))
    .bind(column(|message| &message.subject))
    .bind(column(|message| &message.text))
    .bind(column(|message| &message.html))
    .bind(now)
    .bind(messages.iter().map(|message| Json(&message.people)).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}
