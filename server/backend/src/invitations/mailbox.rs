//! The mailbox page: messages that were written while no mail server is configured.

use chrono::{DateTime, Utc};
use domain::access::actor::Actor;
use domain::access::policy::{Permission, Resource};
use domain::ids::DeliveryId;
use domain::invitations::views::{MailboxLine, MailboxMessage};
use uuid::Uuid;

use crate::{Backend, Error, Result};

/// How many messages a page of the list has.
pub const PAGE: i64 = 50;

#[derive(sqlx::FromRow)]
struct LineRow {
    delivery_id: Uuid,
    recipient: String,
    subject: String,
    created_at: DateTime<Utc>,
}

impl From<LineRow> for MailboxLine {
    fn from(row: LineRow) -> Self {
        Self {
            id: DeliveryId(row.delivery_id),
            recipient: row.recipient,
            subject: row.subject,
            at: row.created_at,
        }
    }
}

/// A page of messages, the latest first. `after` is the last line of the page before. `q` narrows to recipients and
/// subjects that hold it; empty does not.
pub async fn list(
    backend: &Backend,
    actor: &Actor,
    q: &str,
    after: Option<(DateTime<Utc>, DeliveryId)>,
) -> Result<Vec<MailboxLine>> {
    backend.allow(actor, Permission::ViewMailbox, Resource::Organisation(actor.organisation))?;
    let (at, id) = after.map(|(at, id)| (at, id.0)).unzip();
    let rows: Vec<LineRow> = sqlx::query_as(
        "SELECT delivery_id, recipient, subject, created_at FROM mailbox_messages
         WHERE organisation_id = $1 AND ($2::timestamptz IS NULL OR (created_at, delivery_id) < ($2, $3))
           AND ($4 = '' OR strpos(lower(recipient || ' ' || subject), lower($4)) > 0)
         ORDER BY created_at DESC, delivery_id DESC LIMIT $5",
    )
    .bind(actor.organisation.0)
    .bind(at)
    .bind(id)
    .bind(q.trim())
    .bind(PAGE)
    .fetch_all(&mut *backend.within(actor.organisation).await?)
    .await?;
    Ok(rows.into_iter().map(MailboxLine::from).collect())
}

#[derive(sqlx::FromRow)]
struct MessageRow {
    #[sqlx(flatten)]
    line: LineRow,
    body_text: String,
    body_html: String,
}

/// One message.
pub async fn open(backend: &Backend, actor: &Actor, id: DeliveryId) -> Result<MailboxMessage> {
    backend.allow(actor, Permission::ViewMailbox, Resource::Organisation(actor.organisation))?;
    let row: MessageRow = sqlx::query_as(
        "SELECT delivery_id, recipient, subject, created_at, body_text, body_html FROM mailbox_messages
         WHERE organisation_id = $1 AND delivery_id = $2",
    )
    .bind(actor.organisation.0)
    .bind(id.0)
    .fetch_optional(&mut *backend.within(actor.organisation).await?)
    .await?
    .ok_or(Error::NotFound("message"))?;
    Ok(MailboxMessage { line: row.line.into(), text: row.body_text, html: row.body_html })
}
