//! The mailbox page, as sent over the wire.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::MessageId;

/// A message in the mailbox page's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxLine {
    /// Its identifier.
    pub id: MessageId,
    /// The recipient.
    pub recipient: String,
    /// Its subject.
    pub subject: String,
    /// When it was sent.
    pub at: DateTime<Utc>,
}

/// Where messages go, as the mailbox page says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailRoute {
    /// To the mailbox page: no mail server is set up.
    Mailbox,
    /// Through the mail server of this process.
    Server,
    /// Through a mail server that another process has, such as `greencap worker`: it sent messages within the last
    /// day, although this process has none.
    OtherProcess,
}

/// An open message on the mailbox page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxMessage {
    /// The message as listed.
    pub line: MailboxLine,
    /// The text part.
    pub text: String,
    /// The HTML part, to show in a sandboxed frame.
    pub html: String,
}
