//! The message that notifies an administrator of an alert. It names nobody, because it may be read by others
//! in the mailbox.

use std::collections::HashMap;

use domain::audit::AuditAction;
use domain::ids::{MessageId, PersonId};
use minijinja::{Value, context};
use sqlx::PgConnection;

use crate::jobs::job::Priority;
use crate::messages::kind::{Message, MessageContext, MessagesToLoad};
use crate::messages::notice::NamedPerson;
use crate::{Error, Result};

/// An alert for one administrator. Its templates can use `what` happened, `when`, the number of its `entry`
/// in the audit log, and the log's `page`.
#[derive(sqlx::FromRow)]
pub struct Alert {
    #[sqlx(flatten)]
    who: NamedPerson,
    entry: i64,
    action: String,
    rows: Option<i64>,
}

impl Message for Alert {
    const KIND: &'static str = "alert";
    const PRIORITY: Priority = Priority::Urgent;

    async fn load(
        connection: &mut PgConnection,
        load: MessagesToLoad<'_>,
    ) -> Result<HashMap<MessageId, Self>> {
        let alerts: Vec<Self> = sqlx::query_as(
            "SELECT m.id AS message_id, a.person_id, a.username, p.given_name, p.family_name, p.preferred_name,
                    e.sequence AS entry, e.action,
                    coalesce(e.details -> 'accounts', e.details -> 'entries', e.details -> 'rows')::bigint AS rows
             FROM messages m
             JOIN audit_events e ON e.organisation_id = m.organisation_id AND e.id = m.subject
             JOIN accounts a ON a.organisation_id = m.organisation_id AND a.person_id = m.person_id
                  AND a.state IN ('active', 'locked')
             JOIN people p ON p.id = a.person_id
             JOIN addresses written ON written.id = m.address_id
             JOIN addresses theirs ON theirs.organisation_id = m.organisation_id AND theirs.person_id = m.person_id
                  AND theirs.comparable = written.comparable AND theirs.kind = 'email' AND theirs.is_primary
             WHERE m.id = ANY($1) AND m.person_id IN (SELECT administrators(m.organisation_id, $2))",
        )
        .bind(load.ids)
        .bind(load.now)
        .fetch_all(connection)
        .await?;
        Ok(alerts.into_iter().map(|alert| (alert.who.message(), alert)).collect())
    }

    fn people(&self) -> Vec<PersonId> {
        vec![self.who.person()]
    }

    fn recipient_name(&self) -> String {
        self.who.name()
    }

    fn fields(&self, writing: &MessageContext<'_>) -> Result<Value> {
        let action = AuditAction::from_slug(&self.action)
            .ok_or_else(|| Error::unexpected(format!("audit action {}", self.action)))?;
        let rows = self.rows.and_then(|rows| u64::try_from(rows).ok()).unwrap_or_default();
        Ok(context! {
            what => action.alert(rows),
            entry => self.entry,
            page => writing.page("/audit"),
            when => writing.words.moment(writing.created_at)?,
        })
    }
}
