//! The mailbox of the embedded mode.

use chrono::{DateTime, Utc};
use domain::ids::DeliveryId;
use domain::invitations::views::{MailboxLine, MailboxMessage};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use crate::error::AppError;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("invitations/mailbox", holding ViewMailbox);

/// A page of messages whose recipient or subject holds `q`, the latest first, after `after`.
#[server(endpoint = "invitations/mailbox", input = Json)]
pub async fn list_mailbox(
    q: String,
    after: Option<(DateTime<Utc>, DeliveryId)>,
) -> Result<Vec<MailboxLine>, AppError> {
    let entered = crate::guard::enter("invitations/mailbox")?;
    crate::guard::answer(
        backend::invitations::mailbox::list(&entered.backend, &entered.actor, &q, after).await,
    )
}

#[cfg(feature = "ssr")]
crate::guard::endpoint!("invitations/message", holding ViewMailbox);

/// One message.
#[server(endpoint = "invitations/message", input = Json)]
pub async fn open_mailbox(message: DeliveryId) -> Result<MailboxMessage, AppError> {
    let entered = crate::guard::enter("invitations/message")?;
    crate::guard::answer(backend::invitations::mailbox::open(&entered.backend, &entered.actor, message).await)
}
