//! The mailbox page: messages written while no mail server is configured. Readers do not see messages about
//! people hidden from them by a restriction, or about people with more permissions than they have, because
//! such a message could let them sign in as those people.

use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::authorization::visible::VisiblePeople;
use domain::ids::{MessageId, PersonId};
use domain::lists::page::{Cursor, Page, TimeKey};
use domain::messages::views::{MailRoute, MailboxLine, MailboxMessage};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::audit::{self, AuditEntry};
use crate::authorization::roles::everybody_outranking;
use crate::db::one_more;
use crate::tenancy::target::Organisation;
use crate::{Backend, Error, Result};

/// The number of messages on a page of the list.
pub const PAGE: usize = 50;

/// Repeated openings of a message within this time are recorded once, because the page and the frame in it
/// request the message separately.
const ONE_OPENING: TimeDelta = TimeDelta::hours(1);

#[derive(sqlx::FromRow)]
struct MailboxLineRow {
    message_id: Uuid,
    recipient: String,
    subject: String,
    created_at: DateTime<Utc>,
}

impl From<MailboxLineRow> for MailboxLine {
    fn from(row: MailboxLineRow) -> Self {
        Self {
            id: MessageId(row.message_id),
            recipient: row.recipient,
            subject: row.subject,
            at: row.created_at,
        }
    }
}

/// Returns a page of messages after `after`, newest first. Unless `q` is empty, only messages whose recipient
/// or subject contains it.
pub async fn list(
    backend: &Backend,
    actor: &Actor,
    q: &str,
    after: Option<&Cursor>,
) -> Result<Page<MailboxLine>> {
    let mut transaction = backend.enter(actor, Permission::ViewMailbox, Organisation).await?.transaction;
    let after: Option<TimeKey> = after.map(Cursor::key).transpose()?;
    let unseen = unseen(backend, &mut transaction, actor).await?;
    let rows: Vec<MailboxLineRow> = sqlx::query_as(
        "SELECT message_id, recipient, subject, created_at FROM mailbox
         WHERE organisation_id = $1 AND ($2::timestamptz IS NULL OR (created_at, message_id) < ($2, $3))
           AND ($4 = '' OR strpos(lower(recipient || ' ' || subject), lower($4)) > 0)
           AND NOT coalesce(people && $6, cardinality($6) > 0)
         ORDER BY created_at DESC, message_id DESC LIMIT $5",
    )
    .bind(actor.organisation.0)
    .bind(after.map(|after| after.at))
    .bind(after.map(|after| after.id))
    .bind(q.trim())
    .bind(one_more(PAGE))
    .bind(unseen)
    .fetch_all(&mut *transaction)
    .await?;
    let page = Page::of(rows, PAGE, |row| TimeKey { at: row.created_at, id: row.message_id });
    Ok(page.map(MailboxLine::from))
}

/// How long ago a message may have left through another process for [`MailRoute::OtherProcess`].
const LATELY: TimeDelta = TimeDelta::days(1);

/// Returns where messages go now.
pub async fn route(backend: &Backend, actor: &Actor) -> Result<MailRoute> {
    let mut transaction = backend.enter(actor, Permission::ViewMailbox, Organisation).await?.transaction;
    if backend.config.smtp.is_some() {
        return Ok(MailRoute::Server);
    }
    let elsewhere: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM messages m
                        WHERE m.organisation_id = $1 AND m.state = 'sent' AND m.sent_at > $2
                          AND NOT EXISTS (SELECT FROM mailbox b WHERE b.organisation_id = $1 AND b.message_id = m.id))",
    )
    .bind(actor.organisation.0)
    .bind(backend.now() - LATELY)
    .fetch_one(&mut *transaction)
    .await?;
    Ok(if elsewhere { MailRoute::OtherProcess } else { MailRoute::Mailbox })
}

#[derive(sqlx::FromRow)]
struct MailboxMessageRow {
    #[sqlx(flatten)]
    line: MailboxLineRow,
    body_text: String,
    body_html: String,
    people: Option<Vec<Uuid>>,
}

/// Returns one message. The log records who opened it.
#[tracing::instrument(skip_all, fields(message = %id))]
pub async fn open(backend: &Backend, actor: &Actor, id: MessageId) -> Result<MailboxMessage> {
    let mut transaction = backend.enter(actor, Permission::ViewMailbox, Organisation).await?.transaction;
    let unseen = unseen(backend, &mut transaction, actor).await?;
    let row: MailboxMessageRow = sqlx::query_as(
        "SELECT message_id, recipient, subject, created_at, body_text, body_html, people FROM mailbox
         WHERE organisation_id = $1 AND message_id = $2 AND NOT coalesce(people && $3, cardinality($3) > 0)",
    )
    .bind(actor.organisation.0)
    .bind(id.0)
    .bind(unseen)
    .fetch_optional(&mut *transaction)
    .await?
    .ok_or(Error::NotFound("message"))?;
    if !opened_lately(backend, &mut transaction, actor, id).await? {
        let entry = AuditEntry::new(AuditAction::MessageOpened).subject("message", id.0);
        let entry = match row.people.as_deref() {
            Some([person]) => entry.person(PersonId(*person)),
            _ => entry,
        };
        audit::record(backend, &mut transaction, actor, entry).await?;
    }
    transaction.commit().await?;
    Ok(MailboxMessage { line: row.line.into(), text: row.body_text, html: row.body_html })
}

/// The people whose messages the actor cannot read here: those with more permissions, and those hidden by a
/// restriction.
async fn unseen(backend: &Backend, connection: &mut PgConnection, actor: &Actor) -> Result<Vec<Uuid>> {
    let outranking = everybody_outranking(backend, connection, actor).await?;
    let hidden = VisiblePeople::of(actor, Permission::ViewMailbox).hidden;
    Ok(outranking.into_iter().chain(hidden).map(|person| person.0).collect())
}

async fn opened_lately(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    id: MessageId,
) -> Result<bool> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM audit_events
                        WHERE organisation_id = $1 AND subject_id = $2 AND at > $5
                          AND actor_account_id IS NOT DISTINCT FROM $3 AND action = $4)",
    )
    .bind(actor.organisation.0)
    .bind(id.0)
    .bind(actor.account().map(|account| account.0))
    .bind(AuditAction::MessageOpened.slug())
    .bind(backend.now() - ONE_OPENING)
    .fetch_one(connection)
    .await?)
}
