//! The message that tells both addresses that two records are one now.

use std::collections::HashMap;

use domain::ids::{AccountId, AddressId, MessageId, OrganisationId, PersonId};
use domain::roll::name::display_name;
use minijinja::{Value, context};
use sqlx::PgConnection;
use uuid::Uuid;

use super::ledger::Ledger;
use crate::jobs::job::Priority;
use crate::messages::kind::{Message, MessageContext, MessagesToLoad};
use crate::messages::queue::{MessageDestination, NewMessage, queue};
use crate::{Backend, Result};

/// Two records of one person were joined, and this is the username from now on.
#[derive(Debug, sqlx::FromRow)]
pub struct PeopleMerged {
    message_id: Uuid,
    person_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    username: String,
    ended: Option<String>,
}

impl Message for PeopleMerged {
    const KIND: &'static str = "people_merged";
    const PRIORITY: Priority = Priority::Normal;

    /// Leaves out merges that were undone, and people without an account.
    async fn load(
        connection: &mut PgConnection,
        load: MessagesToLoad<'_>,
    ) -> Result<HashMap<MessageId, Self>> {
        let rows: Vec<Self> = sqlx::query_as::<_, Self>(
            "SELECT m.id AS message_id, g.survivor_id AS person_id, p.given_name, p.family_name, p.preferred_name, a.username,
                    ended.username AS ended
             FROM messages m
             JOIN merges g ON g.organisation_id = m.organisation_id AND g.id = m.subject AND g.undone_at IS NULL
             JOIN people p ON p.id = g.survivor_id
             JOIN accounts a ON a.organisation_id = m.organisation_id AND a.person_id = g.survivor_id
             LEFT JOIN accounts ended ON ended.organisation_id = m.organisation_id AND ended.person_id = g.other_id
             WHERE m.id = ANY ($1)",
        )
        .bind(load.ids)
        .fetch_all(connection)
        .await?;
        Ok(rows.into_iter().map(|row| (MessageId(row.message_id), row)).collect())
    }

    fn people(&self) -> Vec<PersonId> {
        vec![PersonId(self.person_id)]
    }

    fn recipient_name(&self) -> String {
        display_name(&self.given_name, &self.family_name, &self.preferred_name)
    }

    fn fields(&self, writing: &MessageContext<'_>) -> Result<Value> {
        Ok(context! {
            person => context! { name => self.recipient_name(), username => self.username.as_str() },
            ended => self.ended.as_deref(),
            when => writing.words.moment(writing.created_at)?,
            page => writing.page("/sign-in"),
        })
    }
}

impl Ledger {
    /// Tells both primary email addresses, if there is a login that somebody uses.
    pub(super) async fn tell_both(
        &self,
        backend: &Backend,
        connection: &mut PgConnection,
        (login, addresses): (Option<AccountId>, &[Option<String>; 2]),
    ) -> Result<()> {
        let Some(login) = login else { return Ok(()) };
        let addresses: Vec<Uuid> = sqlx::query_scalar(
            "SELECT DISTINCT ON (m.comparable) m.id FROM addresses m
             JOIN accounts a ON a.organisation_id = m.organisation_id AND a.id = $5 AND a.activated_at IS NOT NULL
             WHERE m.organisation_id = $1 AND m.person_id IN ($2, $3) AND m.kind = 'email'
               AND m.comparable IN (SELECT lower(value) FROM unnest($4::text[]) AS value)
             ORDER BY m.comparable, (m.person_id = $2) DESC",
        )
        .bind(self.organisation.0)
        .bind(self.to.0)
        .bind(self.from.0)
        .bind(addresses.as_slice())
        .bind(login.0)
        .fetch_all(&mut *connection)
        .await?;
        let messages: Vec<NewMessage> = addresses
            .into_iter()
            .map(|address| NewMessage {
                id: backend.new_id(),
                to: MessageDestination::Address(AddressId(address)),
                person: Some(self.to),
                subject: Some(self.merge.0),
            })
            .collect();
        queue::<PeopleMerged>(backend, connection, OrganisationId(self.organisation.0), &messages).await
    }
}
