//! Sends email over one connection to the mail server, one message after the other.

use std::time::Duration;

use domain::messages::failure::{DeliveryFailure, RetryAdvice, retry_after};
use futures_util::future::BoxFuture;

use super::{Channel, ClaimedMessages};
use crate::Result;
use crate::config::smtp::SmtpServer;
use crate::jobs::standing::Pass;
use crate::messages::email::connection::{Connection, SendError};
use crate::messages::email::message::{EmailMessage, ReadyEmail, hello};
use crate::messages::lease::{SentMessage, UnsentOutcome, give_back, step};
use crate::messages::loaded::LoadedMessage;

/// How many messages are claimed at a time: enough to spread the cost of a claim, few enough that not many
/// wait for the lease of a worker that died.
const HANDFUL: i64 = 50;

pub(super) struct Email {
    server: SmtpServer,
    connection: Option<Connection>,
    /// A message that the mail server accepted and that is not recorded yet. It survives a lost database
    /// connection, and nothing else is sent until it is recorded.
    sent: Option<SentMessage>,
}

impl Email {
    pub(super) fn new(server: SmtpServer) -> Self {
        Self { server, connection: None, sent: None }
    }

    /// Sends a message, if it is still wanted. The message is already proposed while the previous one is
    /// being recorded, and delivered only after that.
    async fn hand_over(
        &mut self,
        claimed: &mut ClaimedMessages<'_>,
        message: &LoadedMessage,
        ready: &ReadyEmail,
    ) -> Result<std::result::Result<(), SendError>> {
        loop {
            let mut connection = if let Some(connection) = self.connection.take() {
                connection
            } else {
                // Connecting may take long; do not delay recording what was sent.
                self.record(claimed).await?;
                let hello = hello(&claimed.backend.config.base_url);
                match Connection::open(&self.server, &hello, patience(claimed)).await {
                    Ok(connection) => connection,
                    Err(error) => return Ok(Err(error)),
                }
            };
            let until = claimed.backend.now() + claimed.length;
            let next = Some((message.id(), message.address()));
            let (may_go, proposed) = tokio::join!(
                step(claimed.db, claimed.lease, self.sent, next, until),
                connection.propose(&ready.from, &ready.to)
            );
            let may_go = may_go?;
            self.sent = None;
            if !may_go {
                if proposed.is_ok() && connection.reset().await.is_ok() {
                    self.connection = Some(connection);
                }
                claimed.drop_unwanted(message.id()).await?;
                return Ok(Ok(()));
            }
            let delivered = match proposed {
                // The connection may have been idle too long, or have reached the server's limit of messages
                // per connection.
                Err(error) if error.remedy == RetryAdvice::ServerLater && connection.is_used() => continue,
                Err(error) => Err(error),
                Ok(()) => connection.deliver(&ready.bytes).await,
            };
            match &delivered {
                Ok(()) => {
                    claimed.counts.sent += 1;
                    self.sent = Some(SentMessage { message: message.id(), at: claimed.backend.now() });
                    self.connection = Some(connection);
                }
                Err(error) if !error.broken && connection.reset().await.is_ok() => {
                    self.connection = Some(connection);
                }
                Err(_) => {}
            }
            return Ok(delivered);
        }
    }

    async fn record(&mut self, claimed: &mut ClaimedMessages<'_>) -> Result<()> {
        if let Some(sent) = self.sent {
            step(claimed.db, claimed.lease, Some(sent), None, claimed.backend.now()).await?;
            self.sent = None;
        }
        Ok(())
    }

    async fn send_all(
        &mut self,
        claimed: &mut ClaimedMessages<'_>,
        messages: &[LoadedMessage],
    ) -> Result<Option<Pass>> {
        let mut away = None;
        for message in messages {
            if claimed.stopping.is_cancelled() {
                break;
            }
            let Some(ready) = ready(claimed, message).await? else { continue };
            let Err(refused) = self.hand_over(claimed, message, &ready).await? else { continue };
            if refused.remedy == RetryAdvice::ServerLater {
                away = Some(refused);
                break;
            }
            refuse(claimed, message, &refused).await?;
        }
        self.record(claimed).await?;
        let now = claimed.backend.now();
        if let Some(refused) = away {
            give_back(claimed.db, claimed.lease, now, Some((refused.failure, &refused.detail))).await?;
            return Ok(Some(Pass::Away(refused.failure.sentence())));
        }
        if claimed.stopping.is_cancelled() {
            give_back(claimed.db, claimed.lease, now, None).await?;
            return Ok(Some(Pass::Stopped));
        }
        Ok(None)
    }
}

impl Channel for Email {
    fn handful(&self) -> i64 {
        HANDFUL
    }

    fn send<'a>(
        &'a mut self,
        claimed: &'a mut ClaimedMessages<'_>,
        messages: &'a [LoadedMessage],
    ) -> BoxFuture<'a, Result<Option<Pass>>> {
        Box::pin(self.send_all(claimed, messages))
    }

    fn write_down<'a>(&'a mut self, claimed: &'a mut ClaimedMessages<'_>) -> BoxFuture<'a, Result<()>> {
        Box::pin(self.record(claimed))
    }

    fn close(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            if let Some(connection) = self.connection.take() {
                connection.close().await;
            }
        })
    }
}

/// Allows half a lease for each step with the mail server, so that the lease never expires while the server
/// has the message.
fn patience(claimed: &ClaimedMessages<'_>) -> Duration {
    (claimed.backend.config.worker_lease / 2).min(Duration::from_secs(30))
}

/// Builds the message. If it must not or cannot be sent, records that and returns `None`.
async fn ready(claimed: &mut ClaimedMessages<'_>, message: &LoadedMessage) -> Result<Option<ReadyEmail>> {
    let Some(written) = claimed.write(message).await? else { return Ok(None) };
    let config = &claimed.backend.config;
    let built = EmailMessage {
        id: message.id(),
        name: &written.name,
        to: &written.to,
        from: &config.mail_from,
        reply_to: written.reply_to.as_ref(),
        base_url: &config.base_url,
        date: claimed.backend.now(),
        content: written.content,
    }
    .build();
    match built {
        Ok(ready) => Ok(Some(ready)),
        Err(error) => {
            tracing::error!(message = %message.id(), %error, "a message could not be built");
            claimed.fail(message.id()).await?;
            Ok(None)
        }
    }
}

async fn refuse(
    claimed: &mut ClaimedMessages<'_>,
    message: &LoadedMessage,
    refused: &SendError,
) -> Result<()> {
    let mut jitter = [0];
    claimed.backend.random.fill(&mut jitter);
    let wait =
        retry_after(message.attempts() + 1, jitter[0]).filter(|_| refused.remedy == RetryAdvice::Later);
    let (outcome, failure) = match wait {
        Some(wait) => (UnsentOutcome::PutOff(claimed.backend.now() + wait), refused.failure),
        None if refused.remedy == RetryAdvice::Later => (UnsentOutcome::Failed, DeliveryFailure::GaveUp),
        None => (UnsentOutcome::Failed, refused.failure),
    };
    claimed.settle(message.id(), &outcome, failure, Some(&refused.detail)).await
}
