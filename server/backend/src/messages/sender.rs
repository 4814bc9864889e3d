//! The job that sends messages: everything that is due, over one connection to the mail server.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::invitations::failure::{DeliveryFailure, Remedy, retry_after};
use sqlx::PgConnection;
use tokio_util::sync::CancellationToken;

use super::lease::{
    Lease, MailboxCopy, Outcome, Sent, claim, give_back, next_due, put_into_mailbox, settle, step,
};
use super::loaded::{Loaded, Written, loaded};
use crate::invitations::queue::CHANNEL;
use crate::jobs::standing::{Pass, StandingJob};
use crate::mail::connection::{Connection, SendError};
use crate::mail::message::{EmailMessage, Ready, hello};
use crate::mail::server::SmtpServer;
use crate::mail::transport::Transport;
use crate::{Backend, Result};

/// How many messages are taken at a time: enough to spread the cost of taking them, few enough that little waits for the
/// lease of a worker that died.
const HANDFUL: i64 = 50;
/// The same for the mailbox, which takes them in one statement.
const MAILBOX_HANDFUL: i64 = 500;

/// A worker's way to the mail server.
///
/// What it promises: every message at least once, and at most one of them twice for each time that a worker or the
/// database dies.
pub struct Sender {
    backend: Backend,
    transport: Transport,
    connection: Option<Connection>,
    /// The messages in hand. Outlives a lost database, to be given back when it returns.
    lease: Option<Lease>,
    /// Taken by the mail server and not yet written down. Outlives a lost database too: nothing else is handed over
    /// before it is.
    sent: Option<Sent>,
}

impl StandingJob for Sender {
    const NAME: &'static str = "the mail server takes no messages";
    const CHANNEL: &'static str = CHANNEL;

    fn new(backend: &Backend) -> Self {
        Self {
            backend: backend.clone(),
            transport: Transport::of(&backend.config),
            connection: None,
            lease: None,
            sent: None,
        }
    }

    async fn next_due(&self) -> Result<Option<DateTime<Utc>>> {
        Ok(next_due(&mut *self.backend.system_connection().await?).await?)
    }

    /// Sends all that is due.
    async fn pass(&mut self, stopping: &CancellationToken) -> Result<Pass> {
        let mut db = self.backend.system_connection().await?;
        self.tidy(&mut db).await?;
        let ended = loop {
            if stopping.is_cancelled() {
                break Pass::Stopped;
            }
            let lease = Lease(self.backend.new_id());
            let now = self.backend.now();
            let limit = if matches!(self.transport, Transport::Mailbox) { MAILBOX_HANDFUL } else { HANDFUL };
            self.lease = Some(lease);
            if claim(&mut db, lease, now, now + self.lease_length(), limit).await? == 0 {
                break Pass::Done;
            }
            let messages = loaded(&mut db, lease, None, now).await?;
            let ended = match self.transport.clone() {
                Transport::Mailbox => self.fill_mailbox(&mut db, lease, &messages).await?,
                Transport::Smtp(server) => self.send(&mut db, &server, lease, &messages, stopping).await?,
            };
            if let Some(ended) = ended {
                break ended;
            }
        };
        self.lease = None;
        if let Some(connection) = self.connection.take() {
            connection.close().await;
        }
        Ok(ended)
    }
}

impl Sender {
    fn lease_length(&self) -> TimeDelta {
        TimeDelta::from_std(self.backend.config.worker_lease).unwrap_or(TimeDelta::seconds(60))
    }

    /// Half a lease for each step with the mail server, so that a message is never in its hands when the lease ends.
    fn patience(&self) -> Duration {
        (self.backend.config.worker_lease / 2).min(Duration::from_secs(30))
    }

    /// Finishes what a lost database left behind: first what was sent is written down, then the rest is given back.
    async fn tidy(&mut self, db: &mut PgConnection) -> Result<()> {
        self.write_down(db).await?;
        if let Some(lease) = self.lease {
            give_back(db, lease, self.backend.now(), None).await?;
            self.lease = None;
        }
        Ok(())
    }

    async fn write_down(&mut self, db: &mut PgConnection) -> Result<()> {
        if let (Some(lease), Some(sent)) = (self.lease, self.sent) {
            let now = self.backend.now();
            step(db, lease, Some(sent), None, now, now).await?;
            self.sent = None;
        }
        Ok(())
    }

    async fn fill_mailbox(
        &mut self,
        db: &mut PgConnection,
        lease: Lease,
        messages: &[Loaded],
    ) -> Result<Option<Pass>> {
        let mut copies = Vec::with_capacity(messages.len());
        for message in messages {
            let Some(written) = self.write(db, lease, message).await? else { continue };
            copies.push(MailboxCopy {
                delivery: message.id(),
                recipient: format!("{} <{}>", written.name, written.to),
                people: written.people,
                subject: written.content.subject,
                text: written.content.text,
                html: written.content.html,
            });
        }
        put_into_mailbox(db, lease, &copies, self.backend.now()).await?;
        Ok(None)
    }

    /// Sends a handful, one after the other.
    async fn send(
        &mut self,
        db: &mut PgConnection,
        server: &SmtpServer,
        lease: Lease,
        messages: &[Loaded],
        stopping: &CancellationToken,
    ) -> Result<Option<Pass>> {
        let mut away = None;
        for message in messages {
            if stopping.is_cancelled() {
                break;
            }
            let Some(ready) = self.ready(db, lease, message).await? else { continue };
            let Err(refused) = self.hand_over(db, server, lease, message, &ready).await? else { continue };
            if refused.remedy == Remedy::ServerLater {
                away = Some(refused);
                break;
            }
            self.refuse(db, lease, message, &refused).await?;
        }
        self.write_down(db).await?;
        if let Some(refused) = away {
            give_back(db, lease, self.backend.now(), Some((refused.failure, &refused.detail))).await?;
            return Ok(Some(Pass::Away(refused.failure.sentence())));
        }
        if stopping.is_cancelled() {
            give_back(db, lease, self.backend.now(), None).await?;
            return Ok(Some(Pass::Stopped));
        }
        Ok(None)
    }

    /// Hands one message over, if it is still wanted. While the message before it is written down, this one is already
    /// proposed; it is handed over only after that.
    async fn hand_over(
        &mut self,
        db: &mut PgConnection,
        server: &SmtpServer,
        lease: Lease,
        message: &Loaded,
        ready: &Ready,
    ) -> Result<std::result::Result<(), SendError>> {
        loop {
            let mut connection = if let Some(connection) = self.connection.take() {
                connection
            } else {
                // Connecting may take long; what was sent does not wait for it.
                self.write_down(db).await?;
                let hello = hello(&self.backend.config.base_url);
                match Connection::open(server, &hello, self.patience()).await {
                    Ok(connection) => connection,
                    Err(error) => return Ok(Err(error)),
                }
            };
            let now = self.backend.now();
            let next = Some((message.id(), message.address()));
            let (may_go, proposed) = tokio::join!(
                step(db, lease, self.sent, next, now, now + self.lease_length()),
                connection.propose(&ready.from, &ready.to)
            );
            let may_go = may_go?;
            self.sent = None;
            if !may_go {
                if proposed.is_ok() && connection.reset().await.is_ok() {
                    self.connection = Some(connection);
                }
                self.drop_unwanted(db, lease, message).await?;
                return Ok(Ok(()));
            }
            let delivered = match proposed {
                // It may have been idle too long, or have carried as many messages as the server allows on one.
                Err(error) if error.remedy == Remedy::ServerLater && connection.is_used() => continue,
                Err(error) => Err(error),
                Ok(()) => connection.deliver(&ready.bytes).await,
            };
            match &delivered {
                Ok(()) => {
                    self.sent = Some(Sent {
                        delivery: message.id(),
                        account: message.account(),
                        at: self.backend.now(),
                    });
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

    /// The message, ready to be handed over; nothing if it must not or cannot be sent, which is then written down.
    async fn ready(
        &mut self,
        db: &mut PgConnection,
        lease: Lease,
        message: &Loaded,
    ) -> Result<Option<Ready>> {
        let Some(written) = self.write(db, lease, message).await? else { return Ok(None) };
        let config = &self.backend.config;
        let built = EmailMessage {
            id: message.id(),
            name: &written.name,
            to: &written.to,
            from: &config.mail_from,
            base_url: &config.base_url,
            date: self.backend.now(),
            content: written.content,
        }
        .build();
        match built {
            Ok(ready) => Ok(Some(ready)),
            Err(error) => {
                tracing::error!(delivery = %message.id(), %error, "a message could not be built");
                self.settle(db, lease, message, &Outcome::Failed, DeliveryFailure::NotWritten, None).await?;
                Ok(None)
            }
        }
    }

    async fn write(
        &mut self,
        db: &mut PgConnection,
        lease: Lease,
        message: &Loaded,
    ) -> Result<Option<Written>> {
        if let Some(obstacle) = message.obstacle(self.backend.now()) {
            self.give_up(db, lease, message, obstacle).await?;
            return Ok(None);
        }
        match message.write(&self.backend) {
            Ok(written) => Ok(Some(written)),
            Err(error) => {
                tracing::error!(delivery = %message.id(), %error, "a message could not be written");
                self.settle(db, lease, message, &Outcome::Failed, DeliveryFailure::NotWritten, None).await?;
                Ok(None)
            }
        }
    }

    /// Looks again at a message that must not go, and writes down why.
    async fn drop_unwanted(&mut self, db: &mut PgConnection, lease: Lease, message: &Loaded) -> Result<()> {
        // Gone from the lease: another worker has it, or someone took it out of the queue.
        let now = self.backend.now();
        let Some(message) = loaded(db, lease, Some(message.id()), now).await?.pop() else { return Ok(()) };
        match message.obstacle(now) {
            Some(obstacle) => self.give_up(db, lease, &message, obstacle).await,
            // Its address was corrected just now: it is written again.
            None => {
                self.settle(db, lease, &message, &Outcome::PutOff(now), DeliveryFailure::Interrupted, None)
                    .await
            }
        }
    }

    async fn give_up(
        &mut self,
        db: &mut PgConnection,
        lease: Lease,
        message: &Loaded,
        obstacle: DeliveryFailure,
    ) -> Result<()> {
        let outcome =
            if obstacle == DeliveryFailure::AddressGone { Outcome::Failed } else { Outcome::Cancelled };
        self.settle(db, lease, message, &outcome, obstacle, None).await
    }

    async fn refuse(
        &mut self,
        db: &mut PgConnection,
        lease: Lease,
        message: &Loaded,
        refused: &SendError,
    ) -> Result<()> {
        let mut jitter = [0];
        self.backend.random.fill(&mut jitter);
        let attempts = u32::try_from(message.attempts()).unwrap_or_default() + 1;
        let wait = retry_after(attempts, jitter[0]).filter(|_| refused.remedy == Remedy::Later);
        let (outcome, failure) = match wait {
            Some(wait) => (Outcome::PutOff(self.backend.now() + wait), refused.failure),
            None if refused.remedy == Remedy::Later => (Outcome::Failed, DeliveryFailure::GaveUp),
            None => (Outcome::Failed, refused.failure),
        };
        self.settle(db, lease, message, &outcome, failure, Some(&refused.detail)).await
    }

    async fn settle(
        &mut self,
        db: &mut PgConnection,
        lease: Lease,
        message: &Loaded,
        outcome: &Outcome,
        failure: DeliveryFailure,
        detail: Option<&str>,
    ) -> Result<()> {
        settle(db, lease, message.id(), outcome, failure, detail, self.backend.now()).await?;
        Ok(())
    }
}
