//! The mailbox of the embedded mode.

use domain::ids::MessageId;
use domain::lists::page::{Cursor, Page};
use domain::messages::views::{MailRoute, MailboxLine, MailboxMessage};
use leptos::prelude::*;

use crate::error::AppError;
use crate::wire::Json;

#[cfg(feature = "ssr")]
crate::guard::endpoint!("invitations/mailbox", holding ViewMailbox);

/// Returns a page of messages after `after` whose recipient or subject contains `q`, latest first.
#[server(endpoint = "invitations/mailbox", input = Json, output = Json)]
pub async fn list_mailbox(q: String, after: Option<Cursor>) -> Result<Page<MailboxLine>, AppError> {
    let entered = crate::guard::enter("invitations/mailbox")?;
    crate::guard::answer(backend::mailbox::list(&entered.backend, &entered.actor, &q, after.as_ref()).await)
}

#[cfg(feature = "ssr")]
crate::guard::endpoint!("invitations/read_mail_route", holding ViewMailbox);

/// Returns where messages go now.
#[server(endpoint = "invitations/read_mail_route", input = Json, output = Json)]
pub async fn read_mail_route() -> Result<MailRoute, AppError> {
    let entered = crate::guard::enter("invitations/read_mail_route")?;
    crate::guard::answer(backend::mailbox::route(&entered.backend, &entered.actor).await)
}

#[cfg(feature = "ssr")]
crate::guard::endpoint!("invitations/message", holding ViewMailbox);

/// Returns one message.
#[server(endpoint = "invitations/message", input = Json, output = Json)]
pub async fn open_mailbox(message: MessageId) -> Result<MailboxMessage, AppError> {
    let entered = crate::guard::enter("invitations/message")?;
    crate::guard::answer(backend::mailbox::open(&entered.backend, &entered.actor, message).await)
}
