//! Declaring a kind of message: how urgent it is, how it is loaded, when it must not be sent, and which
//! fields its templates can use. A feature declares its kinds itself and registers each with one line in
//! [`crate::rooms`].

use std::collections::HashMap;
use std::future::Future;

use chrono::{DateTime, Utc};
use domain::ids::{MessageId, PersonId};
use domain::messages::failure::DeliveryFailure;
use futures_util::future::BoxFuture;
use minijinja::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::words::MessageFormatter;
use crate::jobs::job::Priority;
use crate::{Backend, Result};

/// A kind of message.
///
/// A queued message holds only ids. Its content is loaded when it is sent, so that it is up to date.
pub trait Message: Send + Sync + Sized + 'static {
    /// Its name in the database, and the name of its template folder; never changed once released.
    const KIND: &'static str;
    /// How urgent it is, unless it is queued with another priority.
    const PRIORITY: Priority;

    /// Loads any number of messages in a fixed number of statements. Leaves out messages that have nothing to
    /// say any more: no recipient, or nothing that is still valid.
    fn load(
        connection: &mut PgConnection,
        load: MessagesToLoad<'_>,
    ) -> impl Future<Output = Result<HashMap<MessageId, Self>>> + Send;

    /// Why it must not be sent any more, if so.
    fn obstacle(&self, _now: DateTime<Utc>) -> Option<DeliveryFailure> {
        None
    }

    /// Everyone it names.
    fn people(&self) -> Vec<PersonId>;

    /// The recipient's name for the header; empty for a message to several people.
    fn recipient_name(&self) -> String;

    /// The fields for its templates, with secrets derived from ids. `school` is always available.
    fn fields(&self, writing: &MessageContext<'_>) -> Result<Value>;
}

/// The messages to load.
#[derive(Debug, Clone, Copy)]
pub struct MessagesToLoad<'a> {
    /// Their ids.
    pub ids: &'a [Uuid],
    /// The time of sending.
    pub now: DateTime<Utc>,
}

/// What is available while a message is written.
pub struct MessageContext<'a> {
    /// Everything a use case needs.
    pub backend: &'a Backend,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// The recipient's address.
    pub address: &'a str,
    /// Formats times and numbers for the recipient.
    pub words: &'a MessageFormatter,
}

impl MessageContext<'_> {
    /// The URL of a page of the site.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.backend.config.base_url)
    }
}

/// A [`Message`] with its type erased, for the sender.
#[derive(Clone, Copy)]
pub struct MessageKind {
    pub(super) name: &'static str,
    pub(super) load: LoadSay,
}

type LoadSay = for<'a> fn(
    &'a mut PgConnection,
    MessagesToLoad<'a>,
) -> BoxFuture<'a, Result<HashMap<MessageId, Box<dyn Say>>>>;

impl MessageKind {
    /// Registers a kind of message.
    pub const fn of<M: Message>() -> Self {
        Self { name: M::KIND, load: load_boxed::<M> }
    }

    /// Its name, which is also the name of its template folder.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

/// A loaded [`Message`] with its type erased.
pub(super) trait Say: Send + Sync {
    fn obstacle(&self, now: DateTime<Utc>) -> Option<DeliveryFailure>;
    fn people(&self) -> Vec<PersonId>;
    fn recipient_name(&self) -> String;
    fn fields(&self, writing: &MessageContext<'_>) -> Result<Value>;
}

struct BoxedMessage<M>(M);

impl<M: Message> Say for BoxedMessage<M> {
    fn obstacle(&self, now: DateTime<Utc>) -> Option<DeliveryFailure> {
        self.0.obstacle(now)
    }

    fn people(&self) -> Vec<PersonId> {
        self.0.people()
    }

    fn recipient_name(&self) -> String {
        self.0.recipient_name()
    }

    fn fields(&self, writing: &MessageContext<'_>) -> Result<Value> {
        self.0.fields(writing)
    }
}

fn load_boxed<'a, M: Message>(
    connection: &'a mut PgConnection,
    load: MessagesToLoad<'a>,
) -> BoxFuture<'a, Result<HashMap<MessageId, Box<dyn Say>>>> {
    Box::pin(async move {
        let loaded = M::load(connection, load).await?;
        Ok(loaded
            .into_iter()
            .map(|(id, message)| (id, Box::new(BoxedMessage(message)) as Box<dyn Say>))
            .collect())
    })
}
