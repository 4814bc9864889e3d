//! Ways for messages to leave: a mail server, or the mailbox page where there is none. One pipeline leads to all of them:
//! messages are taken, loaded and judged by the sender; a channel hands over those that are written.

mod email;
mod mailbox;

use chrono::TimeDelta;
use domain::ids::MessageId;
use domain::messages::failure::DeliveryFailure;
use futures_util::future::BoxFuture;
use sqlx::PgConnection;
use tokio_util::sync::CancellationToken;

use super::lease::{Lease, Outcome, settle};
use super::loaded::{Loaded, Written, load};
use crate::config::Config;
use crate::jobs::standing::Pass;
use crate::{Backend, Result};

/// A way for messages to leave.
pub(super) trait Channel: Send {
    /// How many messages are taken at a time.
    fn handful(&self) -> i64;

    /// Hands messages over and records what became of each. Answers with why the pass ends, where it does.
    fn send<'a>(
        &'a mut self,
        handful: &'a mut Handful<'_>,
        messages: &'a [Loaded],
    ) -> BoxFuture<'a, Result<Option<Pass>>>;

    /// Records what was handed over before the database was lost.
    fn write_down<'a>(&'a mut self, handful: &'a mut Handful<'_>) -> BoxFuture<'a, Result<()>>;

    /// Ends what a pass has opened.
    fn close(&mut self) -> BoxFuture<'_, ()>;
}

/// The channel of email, as configured.
pub(super) fn of_config(config: &Config) -> Box<dyn Channel> {
    match &config.smtp {
        Some(server) => Box::new(email::Email::new(server.clone())),
        None => Box::new(mailbox::Mailbox),
    }
}

/// Messages that are in hand, and what may be done with them.
pub(super) struct Handful<'a> {
    pub(super) backend: &'a Backend,
    pub(super) db: &'a mut PgConnection,
    pub(super) lease: Lease,
    /// Of the lease.
    pub(super) length: TimeDelta,
    pub(super) stopping: &'a CancellationToken,
}

impl Handful<'_> {
    /// Writes a message; nothing if it must not or cannot be sent, which is then recorded.
    async fn write(&mut self, message: &Loaded) -> Result<Option<Written>> {
        if let Some(obstacle) = message.obstacle(self.backend.now()) {
            self.give_up(message.id(), obstacle).await?;
            return Ok(None);
        }
        match message.write(self.backend) {
            Ok(written) => Ok(Some(written)),
            Err(error) => {
                tracing::error!(message = %message.id(), %error, "a message could not be written");
                self.fail(message.id()).await?;
                Ok(None)
            }
        }
    }

    /// Records that a message cannot be written.
    async fn fail(&mut self, message: MessageId) -> Result<()> {
        self.settle(message, &Outcome::Failed, DeliveryFailure::NotWritten, None).await
    }

    /// Looks again at a message that must not go, and records why.
    async fn drop_unwanted(&mut self, message: MessageId) -> Result<()> {
        // Gone from the lease: another worker has it, or someone took it out of the queue.
        let now = self.backend.now();
        let again = load(self.backend, self.db, self.lease, Some(message), now).await?.pop();
        let Some(again) = again else { return Ok(()) };
        match again.obstacle(now) {
            Some(obstacle) => self.give_up(message, obstacle).await,
            // Its address was corrected a moment ago: it is written again.
            None => self.settle(message, &Outcome::PutOff(now), DeliveryFailure::Interrupted, None).await,
        }
    }

    async fn give_up(&mut self, message: MessageId, obstacle: DeliveryFailure) -> Result<()> {
        let outcome =
            if obstacle == DeliveryFailure::AddressGone { Outcome::Failed } else { Outcome::Cancelled };
        self.settle(message, &outcome, obstacle, None).await
    }

    async fn settle(
        &mut self,
        message: MessageId,
        outcome: &Outcome,
        failure: DeliveryFailure,
        detail: Option<&str>,
    ) -> Result<()> {
        settle(self.db, self.lease, message, outcome, failure, detail, self.backend.now()).await?;
        Ok(())
    }
}
