//! How messages leave: through a mail server, or to the mailbox page if there is none. The sender claims,
//! loads and checks messages in the same way for every channel; a channel delivers the written ones.

mod email;
mod mailbox;

use chrono::TimeDelta;
use domain::ids::MessageId;
use domain::messages::failure::DeliveryFailure;
use futures_util::future::BoxFuture;
use sqlx::PgConnection;
use tokio_util::sync::CancellationToken;

use super::lease::{MessageLease, UnsentOutcome, settle};
use super::loaded::{LoadedMessage, OutgoingMessage, load};
use crate::config::Config;
use crate::jobs::standing::Pass;
use crate::{Backend, Result};

/// A way for messages to leave.
pub(super) trait Channel: Send {
    /// How many messages are claimed at a time.
    fn handful(&self) -> i64;

    /// Sends messages and records the outcome of each. Returns why the pass must end, if it must.
    fn send<'a>(
        &'a mut self,
        claimed: &'a mut ClaimedMessages<'_>,
        messages: &'a [LoadedMessage],
    ) -> BoxFuture<'a, Result<Option<Pass>>>;

    /// Records what was sent before the database connection was lost.
    fn write_down<'a>(&'a mut self, claimed: &'a mut ClaimedMessages<'_>) -> BoxFuture<'a, Result<()>>;

    /// Closes what a pass opened.
    fn close(&mut self) -> BoxFuture<'_, ()>;
}

/// The email channel for this configuration.
pub(super) fn of_config(config: &Config) -> Box<dyn Channel> {
    match &config.smtp {
        Some(server) => Box::new(email::Email::new(server.clone())),
        None => Box::new(mailbox::Mailbox),
    }
}

/// The messages claimed under one lease, and what can be done with them.
pub(super) struct ClaimedMessages<'a> {
    pub(super) backend: &'a Backend,
    pub(super) db: &'a mut PgConnection,
    pub(super) lease: MessageLease,
    /// The length of the lease.
    pub(super) length: TimeDelta,
    pub(super) stopping: &'a CancellationToken,
    /// What has become of the messages of this pass.
    pub(super) counts: &'a mut SendingCounts,
}

/// What became of the messages of a pass.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct SendingCounts {
    pub(super) sent: u32,
    pub(super) failed: u32,
    pub(super) put_off: u32,
    pub(super) cancelled: u32,
}

impl SendingCounts {
    /// The number of messages.
    pub(super) fn total(self) -> u32 {
        self.sent + self.failed + self.put_off + self.cancelled
    }
}

impl ClaimedMessages<'_> {
    /// Renders a message. If it must not or cannot be sent, records that and returns `None`.
    async fn write(&mut self, message: &LoadedMessage) -> Result<Option<OutgoingMessage>> {
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

    /// Records that a message cannot be rendered.
    async fn fail(&mut self, message: MessageId) -> Result<()> {
        self.settle(message, &UnsentOutcome::Failed, DeliveryFailure::NotWritten, None).await
    }

    /// Reloads a message that must not be sent, and records why.
    async fn drop_unwanted(&mut self, message: MessageId) -> Result<()> {
        // No longer under our lease: another worker has it, or it was cancelled.
        let now = self.backend.now();
        let again = load(self.backend, self.db, self.lease, Some(message), now).await?.pop();
        let Some(again) = again else { return Ok(()) };
        match again.obstacle(now) {
            Some(obstacle) => self.give_up(message, obstacle).await,
            // Its address was corrected a moment ago, so it is written again.
            None => {
                self.settle(message, &UnsentOutcome::PutOff(now), DeliveryFailure::Interrupted, None).await
            }
        }
    }

    async fn give_up(&mut self, message: MessageId, obstacle: DeliveryFailure) -> Result<()> {
        let outcome = if obstacle == DeliveryFailure::AddressGone {
            UnsentOutcome::Failed
        } else {
            UnsentOutcome::Cancelled
        };
        self.settle(message, &outcome, obstacle, None).await
    }

    async fn settle(
        &mut self,
        message: MessageId,
        outcome: &UnsentOutcome,
        failure: DeliveryFailure,
        detail: Option<&str>,
    ) -> Result<()> {
        settle(self.db, self.lease, message, outcome, failure, detail, self.backend.now()).await?;
        match outcome {
            UnsentOutcome::Failed => self.counts.failed += 1,
            UnsentOutcome::PutOff(_) => self.counts.put_off += 1,
            UnsentOutcome::Cancelled => self.counts.cancelled += 1,
        }
        Ok(())
    }
}
