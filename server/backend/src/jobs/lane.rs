//! One pass over the queue: everything that is due, over one connection to the mail server.

use std::time::Duration;

use chrono::TimeDelta;
use domain::invitations::failure::{DeliveryFailure, Remedy, retry_after};
use sqlx::PgConnection;

use super::claim::{Lease, MailboxCopy, Outcome, Sent, claim, give_back, put_into_mailbox, settle, step};
use super::letters::{Held, Written, held};
use crate::mail::connection::{Connection, SendError};
use crate::mail::message::{Letter, Ready, hello};
use crate::mail::server::SmtpServer;
use crate::mail::transport::Transport;
use crate::{Backend, Result};

/// How many messages are held at a time: enough to spread the cost of taking them, few enough that little waits for the
/// lease of a worker that died.
const HANDFUL: i64 = 50;
/// The same for the mailbox, which takes them in one statement.
const MAILBOX_HANDFUL: i64 = 500;

/// How a pass ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pass {
    /// Nothing is due any more.
    Done,
    /// The mail server takes nothing now. Everything waits.
    ServerAway(DeliveryFailure),
    /// Asked to stop.
    Stopped,
}

/// A worker's way to the mail server.
pub(super) struct Lane<'a> {
    backend: &'a Backend,
    transport: Transport,
    connection: Option<Connection>,
    /// What is held now. Outlives a lost database, to be given back when it returns.
    held: Option<Lease>,
    /// Taken by the mail server and not yet written down. Outlives a lost database too: nothing else is handed over
    /// before it is.
    sent: Option<Sent>,
}

impl<'a> Lane<'a> {
    pub(super) fn new(backend: &'a Backend) -> Self {
        Self { backend, transport: Transport::of(&backend.config), connection: None, held: None, sent: None }
    }

    fn lease_length(&self) -> TimeDelta {
        TimeDelta::from_std(self.backend.config.worker_lease).unwrap_or(TimeDelta::seconds(60))
    }

    /// Half a lease for each step with the mail server, so that a message is never in its hands when the lease ends.
    fn patience(&self) -> Duration {
        (self.backend.config.worker_lease / 2).min(Duration::from_secs(30))
    }

    /// Sends all that is due. An error is the database's: call again when it is back.
    pub(super) async fn pass(&mut self, stopped: impl Fn() -> bool) -> Result<Pass> {
        let mut db = self.backend.system_connection().await?;
        self.tidy(&mut db).await?;
        let ended = loop {
            if stopped() {
                break Pass::Stopped;
            }
            let lease = Lease(self.backend.new_id());
            let now = self.backend.now();
            let limit = if matches!(self.transport, Transport::Mailbox) { MAILBOX_HANDFUL } else { HANDFUL };
            self.held = Some(lease);
            if claim(&mut db, lease, now, now + self.lease_length(), limit).await? == 0 {
                break Pass::Done;
            }
            let letters = held(&mut db, lease, None, now).await?;
            let ended = match self.transport.clone() {
                Transport::Mailbox => self.fill_mailbox(&mut db, lease, &letters).await?,
                Transport::Smtp(server) => self.send(&mut db, &server, lease, &letters, &stopped).await?,
            };
            if let Some(ended) = ended {
                break ended;
            }
        };
        self.held = None;
        if let Some(connection) = self.connection.take() {
            connection.close().await;
        }
        Ok(ended)
    }

    /// Finishes what a lost database left behind: first what was sent is written down, then the rest is given back.
    async fn tidy(&mut self, db: &mut PgConnection) -> Result<()> {
        self.write_down(db).await?;
        if let Some(lease) = self.held {
            give_back(db, lease, self.backend.now(), None).await?;
            self.held = None;
        }
        Ok(())
    }

    async fn write_down(&mut self, db: &mut PgConnection) -> Result<()> {
        if let (Some(lease), Some(sent)) = (self.held, self.sent) {
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
        letters: &[Held],
    ) -> Result<Option<Pass>> {
        let mut copies = Vec::with_capacity(letters.len());
        for letter in letters {
            let Some(written) = self.write(db, lease, letter).await? else { continue };
            copies.push(MailboxCopy {
                delivery: letter.id(),
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
        letters: &[Held],
        stopped: &impl Fn() -> bool,
    ) -> Result<Option<Pass>> {
        let mut away = None;
        for letter in letters {
            if stopped() {
                break;
            }
            let Some(ready) = self.ready(db, lease, letter).await? else { continue };
            let Err(refused) = self.hand_over(db, server, lease, letter, &ready).await? else { continue };
            if refused.remedy == Remedy::ServerLater {
                away = Some(refused);
                break;
            }
            self.refuse(db, lease, letter, &refused).await?;
        }
        self.write_down(db).await?;
        if let Some(refused) = away {
            give_back(db, lease, self.backend.now(), Some((refused.failure, &refused.detail))).await?;
            return Ok(Some(Pass::ServerAway(refused.failure)));
        }
        if stopped() {
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
        letter: &Held,
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
            let next = Some((letter.id(), letter.address()));
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
                self.drop_unwanted(db, lease, letter).await?;
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
                        delivery: letter.id(),
                        account: letter.account(),
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
    async fn ready(&mut self, db: &mut PgConnection, lease: Lease, letter: &Held) -> Result<Option<Ready>> {
        let Some(written) = self.write(db, lease, letter).await? else { return Ok(None) };
        let config = &self.backend.config;
        let built = Letter {
            id: letter.id(),
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
                tracing::error!(delivery = %letter.id(), %error, "a message could not be built");
                self.settle(db, lease, letter, &Outcome::Failed, DeliveryFailure::NotWritten, None).await?;
                Ok(None)
            }
        }
    }

    async fn write(&mut self, db: &mut PgConnection, lease: Lease, letter: &Held) -> Result<Option<Written>> {
        if let Some(obstacle) = letter.obstacle(self.backend.now()) {
            self.give_up(db, lease, letter, obstacle).await?;
            return Ok(None);
        }
        match letter.write(self.backend) {
            Ok(written) => Ok(Some(written)),
            Err(error) => {
                tracing::error!(delivery = %letter.id(), %error, "a message could not be written");
                self.settle(db, lease, letter, &Outcome::Failed, DeliveryFailure::NotWritten, None).await?;
                Ok(None)
            }
        }
    }

    /// Looks again at a message that must not go, and writes down why.
    async fn drop_unwanted(&mut self, db: &mut PgConnection, lease: Lease, letter: &Held) -> Result<()> {
        // Gone from the lease: another worker has it, or someone took it out of the queue.
        let now = self.backend.now();
        let Some(letter) = held(db, lease, Some(letter.id()), now).await?.pop() else { return Ok(()) };
        match letter.obstacle(now) {
            Some(obstacle) => self.give_up(db, lease, &letter, obstacle).await,
            // Its address was corrected a moment ago: it is written anew.
            None => {
                self.settle(db, lease, &letter, &Outcome::PutOff(now), DeliveryFailure::Interrupted, None)
                    .await
            }
        }
    }

    async fn give_up(
        &mut self,
        db: &mut PgConnection,
        lease: Lease,
        letter: &Held,
        obstacle: DeliveryFailure,
    ) -> Result<()> {
        let outcome =
            if obstacle == DeliveryFailure::AddressGone { Outcome::Failed } else { Outcome::Cancelled };
        self.settle(db, lease, letter, &outcome, obstacle, None).await
    }

    async fn refuse(
        &mut self,
        db: &mut PgConnection,
        lease: Lease,
        letter: &Held,
        refused: &SendError,
    ) -> Result<()> {
        let mut jitter = [0];
        self.backend.random.fill(&mut jitter);
        let attempts = u32::try_from(letter.attempts()).unwrap_or_default() + 1;
        let wait = retry_after(attempts, jitter[0]).filter(|_| refused.remedy == Remedy::Later);
        let (outcome, failure) = match wait {
            Some(wait) => (Outcome::PutOff(self.backend.now() + wait), refused.failure),
            None if refused.remedy == Remedy::Later => (Outcome::Failed, DeliveryFailure::GaveUp),
            None => (Outcome::Failed, refused.failure),
        };
        self.settle(db, lease, letter, &outcome, failure, Some(&refused.detail)).await
    }

    async fn settle(
        &mut self,
        db: &mut PgConnection,
        lease: Lease,
        letter: &Held,
        outcome: &Outcome,
        failure: DeliveryFailure,
        detail: Option<&str>,
    ) -> Result<()> {
        settle(db, lease, letter.id(), outcome, failure, detail, self.backend.now()).await?;
        Ok(())
    }
}
