//! Recovery messages: links to set a new password, one-time codes, usernames.

use std::collections::HashMap;

use domain::credentials::state::AccountState;
use domain::ids::{MessageId, PersonId};
use minijinja::{Value, context};
use sqlx::PgConnection;

use crate::Result;
use crate::credentials::secret_messages::SecretMessage;
use crate::jobs::job::Priority;
use crate::messages::kind::{Message, MessageContext, MessagesToLoad};
use crate::messages::notice::{NamedPerson, Notice};

/// Tells a person that their password was changed.
pub struct PasswordChanged;

impl Notice for PasswordChanged {
    const KIND: &'static str = "password";
}

/// Tells a person why they get no link to set a new password: staff changed their address a short time ago.
pub struct LinksRest;

impl Notice for LinksRest {
    const KIND: &'static str = "links_rest";
}

/// A link to set a new password for each person with the address.
pub struct ResetLinks;

impl SecretMessage for ResetLinks {
    const KIND: &'static str = "reset_links";
    const OPENS: &'static [AccountState] = &[AccountState::Active, AccountState::Locked];
}

/// A one-time code that the office created for one person.
pub struct ResetCode;

impl SecretMessage for ResetCode {
    const KIND: &'static str = "reset_code";
    const OPENS: &'static [AccountState] = &[AccountState::Active, AccountState::Locked];
}

/// The usernames of everyone with the address.
pub struct UsernameReminder(Vec<NamedPerson>);

impl Message for UsernameReminder {
    const KIND: &'static str = "usernames";
    const PRIORITY: Priority = Priority::Urgent;

    async fn load(
        connection: &mut PgConnection,
        load: MessagesToLoad<'_>,
    ) -> Result<HashMap<MessageId, Self>> {
        let found: Vec<NamedPerson> = sqlx::query_as(
            "SELECT m.id AS message_id, a.person_id, a.username, p.given_name, p.family_name, p.preferred_name
             FROM messages m
             JOIN addresses written ON written.id = m.address_id
             JOIN addresses theirs ON theirs.organisation_id = m.organisation_id AND theirs.comparable = written.comparable
                  AND theirs.kind = 'email' AND theirs.is_primary
             JOIN accounts a ON a.organisation_id = m.organisation_id AND a.person_id = theirs.person_id
                  AND account_state(a.id, a.state) IN ('invited', 'active', 'locked')
             JOIN people p ON p.id = a.person_id
             JOIN organisations o ON o.id = m.organisation_id
             WHERE m.id = ANY($1)
               AND NOT mailbox_is_closed(m.organisation_id, a.person_id, theirs.comparable, ($2 AT TIME ZONE o.time_zone)::date)
             ORDER BY p.sort_key, a.id",
        )
        .bind(load.ids)
        .bind(load.now)
        .fetch_all(connection)
        .await?;
        let mut by_message = HashMap::<MessageId, Self>::new();
        for one in found {
            by_message.entry(one.message()).or_insert_with(|| Self(Vec::new())).0.push(one);
        }
        Ok(by_message)
    }

    fn people(&self) -> Vec<PersonId> {
        self.0.iter().map(NamedPerson::person).collect()
    }

    fn recipient_name(&self) -> String {
        match self.0.as_slice() {
            [one] => one.name(),
            _ => String::new(),
        }
    }

    fn fields(&self, writing: &MessageContext<'_>) -> Result<Value> {
        let people: Vec<Value> = self.0.iter().map(NamedPerson::fields).collect();
        Ok(context! { people, page => writing.page("/sign-in") })
    }
}
