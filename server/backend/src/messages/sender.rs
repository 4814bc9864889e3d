//! The jobs that send messages: everything that is due, in batches, over the channel of each.
//!
//! Every message is sent at least once. Each crash of a worker or of the database can cause at most one
//! duplicate.

use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use super::channel::{Channel, ClaimedMessages, SendingCounts, of_config};
use super::lease::{ClaimFilter, MessageLease, claim, give_back, next_due};
use super::loaded::load;
use super::queue::CHANNEL;
use crate::jobs::job::Priority;
use crate::jobs::standing::{Pass, StandingJob};
use crate::{Backend, Result};

/// Sends every message, most urgent first.
pub struct SendAll(Sender);

/// Sends only urgent messages, so that they do not wait while [`SendAll`] is busy with thousands.
pub struct SendUrgent(Sender);

impl StandingJob for SendAll {
    const NAME: &'static str = "no messages can be sent";
    const CHANNEL: &'static str = CHANNEL;

    fn new(backend: &Backend) -> Self {
        Self(Sender::new(backend, Priority::Background))
    }

    async fn pass(&mut self, stopping: &CancellationToken) -> Result<Pass> {
        self.0.pass(stopping).await
    }

    async fn next_due(&mut self) -> Result<Option<DateTime<Utc>>> {
        self.0.next_due().await
    }
}

impl StandingJob for SendUrgent {
    const NAME: &'static str = "no urgent messages can be sent";
    const CHANNEL: &'static str = CHANNEL;

    fn new(backend: &Backend) -> Self {
        Self(Sender::new(backend, Priority::Urgent))
    }

    async fn pass(&mut self, stopping: &CancellationToken) -> Result<Pass> {
        self.0.pass(stopping).await
    }

    async fn next_due(&mut self) -> Result<Option<DateTime<Utc>>> {
        self.0.next_due().await
    }
}

struct Sender {
    backend: Backend,
    /// The lowest priority it sends.
    floor: Priority,
    kinds: Vec<&'static str>,
    channel: Box<dyn Channel>,
    /// The lease on claimed messages. Kept when the database connection is lost, to return the messages when
    /// it is back.
    lease: Option<MessageLease>,
}

impl Sender {
    fn new(backend: &Backend, floor: Priority) -> Self {
        Self {
            backend: backend.clone(),
            floor,
            kinds: backend.rooms.messages.iter().map(|kind| kind.name).collect(),
            channel: of_config(&backend.config),
            lease: None,
        }
    }

    fn filter(&self) -> ClaimFilter<'_> {
        ClaimFilter { channel: "email", kinds: &self.kinds, floor: self.floor.rank() }
    }

    async fn next_due(&mut self) -> Result<Option<DateTime<Utc>>> {
        Ok(next_due(&mut *self.backend.system_connection().await?, self.filter()).await?)
    }

    /// Sends everything that is due.
    async fn pass(&mut self, stopping: &CancellationToken) -> Result<Pass> {
        let backend = self.backend.clone();
        let length = TimeDelta::from_std(backend.config.worker_lease).unwrap_or(TimeDelta::seconds(60));
        let mut db = backend.system_connection().await?;
        let (begun, mut counts) = (backend.now(), SendingCounts::default());
        // After a lost database connection: record what was sent, then return the rest.
        if let Some(lease) = self.lease {
            let counts = &mut counts;
            let mut claimed =
                ClaimedMessages { backend: &backend, db: &mut db, lease, length, stopping, counts };
            self.channel.write_down(&mut claimed).await?;
            give_back(&mut db, lease, backend.now(), None).await?;
            self.lease = None;
        }
        let ended = loop {
            if stopping.is_cancelled() {
                break Pass::Stopped;
            }
            let lease = MessageLease(backend.new_id());
            let now = backend.now();
            self.lease = Some(lease);
            let limit = self.channel.handful();
            if claim(&mut db, lease, self.filter(), now, now + length, limit).await? == 0 {
                break Pass::Done;
            }
            let messages = load(&backend, &mut db, lease, None, now).await?;
            let counts = &mut counts;
            let mut claimed =
                ClaimedMessages { backend: &backend, db: &mut db, lease, length, stopping, counts };
            if let Some(ended) = self.channel.send(&mut claimed, &messages).await? {
                break ended;
            }
        };
        self.lease = None;
        self.channel.close().await;
        if counts.total() > 0 {
            let SendingCounts { sent, failed, put_off, cancelled } = counts;
            let seconds = (backend.now() - begun).num_seconds();
            tracing::info!(sent, failed, put_off, cancelled, seconds, "a sending ended");
        }
        Ok(ended)
    }
}
