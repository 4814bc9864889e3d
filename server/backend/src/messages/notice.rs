//! Notices: messages that tell one person what happened to their account, and contain nothing else.

use std::collections::HashMap;

use domain::ids::{MessageId, PersonId};
use domain::roll::name::display_name;
use minijinja::{Value, context};
use sqlx::PgConnection;
use uuid::Uuid;

use super::kind::{Message, MessageContext, MessagesToLoad};
use crate::Result;
use crate::jobs::job::Priority;

/// A kind of notice. Its templates can use `person` (name and username), `when` it happened, and the sign-in
/// `page`.
pub trait Notice: Send + Sync + 'static {
    /// See [`Message::KIND`].
    const KIND: &'static str;
}

/// A person named in a message.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct NamedPerson {
    message_id: Uuid,
    person_id: Uuid,
    username: String,
    given_name: String,
    family_name: String,
    preferred_name: String,
}

impl NamedPerson {
    pub(crate) fn message(&self) -> MessageId {
        MessageId(self.message_id)
    }

    pub(crate) fn person(&self) -> PersonId {
        PersonId(self.person_id)
    }

    pub(crate) fn username(&self) -> &str {
        &self.username
    }

    /// The name as pages show it.
    pub(crate) fn name(&self) -> String {
        display_name(&self.given_name, &self.family_name, &self.preferred_name)
    }

    /// The fields for templates.
    pub(crate) fn fields(&self) -> Value {
        context! { name => self.name(), username => self.username.as_str() }
    }
}

/// A notice to one person, loaded.
pub struct LoadedNotice<N> {
    who: NamedPerson,
    _kind: std::marker::PhantomData<N>,
}

impl<N: Notice> Message for LoadedNotice<N> {
    const KIND: &'static str = N::KIND;
    const PRIORITY: Priority = Priority::Normal;

    async fn load(
        connection: &mut PgConnection,
        load: MessagesToLoad<'_>,
    ) -> Result<HashMap<MessageId, Self>> {
        Ok(owners(connection, load)
            .await?
            .into_iter()
            .map(|who| (who.message(), Self { who, _kind: std::marker::PhantomData }))
            .collect())
    }

    fn people(&self) -> Vec<PersonId> {
        vec![self.who.person()]
    }

    fn recipient_name(&self) -> String {
        self.who.name()
    }

    fn fields(&self, writing: &MessageContext<'_>) -> Result<Value> {
        Ok(context! {
            person => self.who.fields(),
            when => writing.words.moment(writing.created_at)?,
            page => writing.page("/sign-in"),
        })
    }
}

/// Loads the person each message concerns. Leaves out people without an account, and people who no longer
/// have the address, if it is one from the roll.
pub(crate) async fn owners(
    connection: &mut PgConnection,
    load: MessagesToLoad<'_>,
) -> Result<Vec<NamedPerson>> {
    Ok(sqlx::query_as(
        "SELECT m.id AS message_id, a.person_id, a.username, p.given_name, p.family_name, p.preferred_name
         FROM messages m
         JOIN accounts a ON a.organisation_id = m.organisation_id AND a.person_id = m.person_id
         JOIN people p ON p.id = a.person_id
         WHERE m.id = ANY($1) AND (m.recipient IS NOT NULL OR EXISTS (
             SELECT FROM addresses written JOIN addresses theirs ON theirs.comparable = written.comparable
             WHERE written.id = m.address_id AND theirs.organisation_id = m.organisation_id
               AND theirs.person_id = m.person_id AND theirs.kind = 'email' AND theirs.is_primary))",
    )
    .bind(load.ids)
    .fetch_all(connection)
    .await?)
}
