//! The mailbox page as it crosses the wire.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::MessageId;

/// A message in the mailbox page's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxLine {
    /// Its identifier.
    pub id: MessageId,
    /// To whom.
    pub recipient: String,
    /// Its subject.
    pub subject: String,
    /// When it was sent.
    pub at: DateTime<Utc>,
}

/// A message of the mailbox page, opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxMessage {
    /// As in the list.
    pub line: MailboxLine,
    /// The text part.
    pub text: String,
    /// The HTML part: to be shown in a sandboxed frame.
    pub html: String,
}
