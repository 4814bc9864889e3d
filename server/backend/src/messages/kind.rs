//! What a kind of message is: how urgent it is, how it is loaded, what stands against sending it, and what its templates may
//! say. It is declared in the feature that it belongs to and registered in one line in [`crate::rooms`].

use std::collections::HashMap;
use std::future::Future;

use chrono::{DateTime, Utc};
use domain::ids::{MessageId, PersonId};
use domain::messages::failure::DeliveryFailure;
use futures_util::future::BoxFuture;
use minijinja::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::words::Words;
use crate::jobs::job::Priority;
use crate::{Backend, Result};

/// A kind of message.
///
/// A message in the queue holds ids alone. All that it says is loaded when it is sent, so that what changed in between
/// counts.
pub trait Message: Send + Sync + Sized + 'static {
    /// Its name in the database, and of the folder of its templates; never changed once released.
    const KIND: &'static str;
    /// How urgent it is, where it is not queued with another priority.
    const PRIORITY: Priority;

    /// Loads messages, however many at once, in a bounded number of statements. One that is not among the answer has nothing
    /// to say any more: nobody whom it is for, nothing that still holds.
    fn load(
        connection: &mut PgConnection,
        load: Load<'_>,
    ) -> impl Future<Output = Result<HashMap<MessageId, Self>>> + Send;

    /// Why it must not be sent any more, if so.
    fn obstacle(&self, _now: DateTime<Utc>) -> Option<DeliveryFailure> {
        None
    }

    /// Everybody whom it names.
    fn people(&self) -> Vec<PersonId>;

    /// What to call the recipient in the message's header; empty for a message to several people.
    fn recipient_name(&self) -> String;

    /// What its templates may say, with the secrets that ids give. `school` is among it already.
    fn fields(&self, writing: &Writing<'_>) -> Result<Value>;
}

/// Which messages are to be loaded.
#[derive(Debug, Clone, Copy)]
pub struct Load<'a> {
    /// By id.
    pub ids: &'a [Uuid],
    /// The moment of sending.
    pub now: DateTime<Utc>,
}

/// What a message is written with.
pub struct Writing<'a> {
    /// Everything that a use case needs.
    pub backend: &'a Backend,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// Where it goes.
    pub address: &'a str,
    /// Times and numbers in the recipient's language.
    pub words: &'a Words,
}

impl Writing<'_> {
    /// An address of the site.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.backend.config.base_url)
    }
}

/// A kind of message as the sender knows it: [`Message`] without its type.
#[derive(Clone, Copy)]
pub struct MessageKind {
    pub(super) name: &'static str,
    pub(super) load: LoadSay,
}

type LoadSay =
    for<'a> fn(&'a mut PgConnection, Load<'a>) -> BoxFuture<'a, Result<HashMap<MessageId, Box<dyn Say>>>>;

impl MessageKind {
    /// The line that registers a kind of message.
    pub const fn of<M: Message>() -> Self {
        Self { name: M::KIND, load: load_boxed::<M> }
    }

    /// Its name, which is that of the folder of its templates.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

/// [`Message`] as the sender sees one that is loaded.
pub(super) trait Say: Send + Sync {
    fn obstacle(&self, now: DateTime<Utc>) -> Option<DeliveryFailure>;
    fn people(&self) -> Vec<PersonId>;
    fn recipient_name(&self) -> String;
    fn fields(&self, writing: &Writing<'_>) -> Result<Value>;
}

struct Loaded<M>(M);

impl<M: Message> Say for Loaded<M> {
    fn obstacle(&self, now: DateTime<Utc>) -> Option<DeliveryFailure> {
        self.0.obstacle(now)
    }

    fn people(&self) -> Vec<PersonId> {
        self.0.people()
    }

    fn recipient_name(&self) -> String {
        self.0.recipient_name()
    }

    fn fields(&self, writing: &Writing<'_>) -> Result<Value> {
        self.0.fields(writing)
    }
}

fn load_boxed<'a, M: Message>(
    connection: &'a mut PgConnection,
    load: Load<'a>,
) -> BoxFuture<'a, Result<HashMap<MessageId, Box<dyn Say>>>> {
    Box::pin(async move {
        let loaded = M::load(connection, load).await?;
        Ok(loaded.into_iter().map(|(id, message)| (id, Box::new(Loaded(message)) as Box<dyn Say>)).collect())
    })
}
