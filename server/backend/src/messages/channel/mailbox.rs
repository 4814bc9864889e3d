//! The mailbox page, which receives messages while no mail server is configured.

use futures_util::future::BoxFuture;

use super::{Channel, ClaimedMessages};
use crate::Result;
use crate::jobs::standing::Pass;
use crate::messages::lease::{MailboxCopy, put_into_mailbox};
use crate::messages::loaded::LoadedMessage;

/// The number of messages inserted per statement.
const HANDFUL: i64 = 500;

pub(super) struct Mailbox;

impl Channel for Mailbox {
    fn handful(&self) -> i64 {
        HANDFUL
    }

    fn send<'a>(
        &'a mut self,
        claimed: &'a mut ClaimedMessages<'_>,
        messages: &'a [LoadedMessage],
    ) -> BoxFuture<'a, Result<Option<Pass>>> {
        Box::pin(async move {
            let mut copies = Vec::with_capacity(messages.len());
            for message in messages {
                let Some(written) = claimed.write(message).await? else { continue };
                copies.push(MailboxCopy {
                    message: message.id(),
                    recipient: format!("{} <{}>", written.name, written.to),
                    people: written.people,
                    subject: written.content.subject,
                    text: written.content.text,
                    html: written.content.html,
                });
            }
            put_into_mailbox(claimed.db, claimed.lease, &copies, claimed.backend.now()).await?;
            claimed.counts.sent += u32::try_from(copies.len()).unwrap_or(u32::MAX);
            Ok(None)
        })
    }

    /// Messages never leave the database, so nothing is unrecorded.
    fn write_down<'a>(&'a mut self, _handful: &'a mut ClaimedMessages<'_>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { Ok(()) })
    }

    fn close(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}
