//! Invitations as they cross the wire.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, BatchId, InvitationId, MessageId, OperationId, PersonId};
use crate::messages::delivery::DeliveryState;
use crate::messages::failure::DeliveryFailure;
use crate::roll::selection::Selection;

/// Whom to invite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "to")]
pub enum Recipients {
    /// Everyone of a batch.
    Batch {
        /// The batch.
        batch: BatchId,
    },
    /// Everyone with an account who was never invited.
    Uninvited,
    /// These accounts.
    Accounts {
        /// In any order; duplicates count once.
        ids: Vec<AccountId>,
    },
    /// Those of a selection who have an account.
    Selected {
        /// The selection.
        selection: Selection,
    },
}

/// Why someone was not invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// The person has no email address.
    NoEmail,
    /// The account is in use, or locked: it needs no invitation.
    Active,
    /// Staff stopped the account.
    Disabled,
    /// The account has ended.
    Closed,
}

impl LeftOut {
    /// The word in logs and `--json`.
    pub fn slug(self) -> &'static str {
        match self {
            Self::NoEmail => "no_email",
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::Closed => "closed",
        }
    }

    /// As "12 left out: …" goes on.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::NoEmail => "no email address",
            Self::Active => "have already chosen a password",
            Self::Disabled => "the account is disabled",
            Self::Closed => "the account is closed",
        }
    }

    /// What to do about it, for staff.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NoEmail => "No email address. Add one and send again.",
            Self::Active => "Has already chosen a password.",
            Self::Disabled => "The account is disabled. Enable it first.",
            Self::Closed => "The account is closed.",
        }
    }
}

/// Someone who was not invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOutPerson {
    /// The account.
    pub account: AccountId,
    /// The person.
    pub person: PersonId,
    /// As pages show it.
    pub name: String,
    /// Admission number.
    pub admission_number: String,
    /// Why.
    pub reason: LeftOut,
}

/// What sending did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendReport {
    /// Invitations queued.
    pub queued: u32,
    /// Everyone left out, by name.
    pub left_out: Vec<LeftOutPerson>,
    /// How many were left out because a restriction hides them from the sender: they are not named.
    #[serde(default)]
    pub restricted: u32,
    /// The operation that a job runs, because they are so many. Then none is queued yet.
    #[serde(default)]
    pub operation: Option<OperationId>,
}

impl SendReport {
    /// "12 invitation codes queued. 1 person skipped: a restriction hides them from you."
    pub fn sentence(&self) -> String {
        let queued = match self.queued {
            1 => "1 invitation code queued.".to_owned(),
            queued => format!("{queued} invitation codes queued."),
        };
        match self.restricted {
            0 => queued,
            1 => format!("{queued} 1 person skipped: a restriction hides them from you."),
            people => format!("{queued} {people} people skipped: a restriction hides them from you."),
        }
    }
}

/// What revoking did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokeReport {
    /// Live invitations that died.
    pub revoked: u32,
    /// Messages that had not been sent yet, and will not be.
    pub cancelled: u32,
}

/// One invitation of an account, as staff see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationLine {
    /// The invitation.
    pub invitation: InvitationId,
    /// Its message.
    pub message: MessageId,
    /// Where it goes; nothing once the address was removed from the person.
    pub address: Option<String>,
    /// What became of the message.
    pub state: DeliveryState,
    /// What went wrong last, if anything did.
    pub failure: Option<DeliveryFailure>,
    /// The mail server's own words.
    pub answer: Option<String>,
    /// How often it was put off.
    pub attempts: u32,
    /// When it is tried next, while it waits.
    pub next_try_at: Option<DateTime<Utc>>,
    /// When staff asked for it.
    pub queued_at: DateTime<Utc>,
    /// When the mail server took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When the page behind its link was first opened.
    pub opened_at: Option<DateTime<Utc>>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// When it was revoked, or died with the use of another.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it ends, or ended.
    pub expires_at: DateTime<Utc>,
}

/// What the page behind a live invitation shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationView {
    /// What to call the person.
    pub name: String,
    /// Their username.
    pub username: String,
    /// Their school, or the organisation for people of none.
    pub school: String,
    /// How many characters their password needs at least.
    pub password_minimum: u32,
    /// Their language, as a BCP 47 tag.
    pub language: String,
    /// Whether they choose a password; not so where their school asks for single sign-on.
    pub takes_password: bool,
}

/// What is behind a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "opening")]
pub enum Opening {
    /// A live invitation.
    Ready {
        /// What its page shows.
        view: InvitationView,
    },
    /// Nothing that lets anyone in: used, ended, revoked, stopped or never made. One answer for all.
    Ended,
}

/// How far the latest messages to the accounts of a batch have come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendingProgress {
    /// Still with Greencap, for the first time or again after a temporary failure.
    pub waiting: u32,
    /// Taken by the mail server.
    pub sent: u32,
    /// Refused permanently, or come back.
    pub failed: u32,
}

impl SendingProgress {
    /// All of them.
    pub fn total(self) -> u32 {
        self.waiting + self.sent + self.failed
    }

    /// How long the rest takes, at the pace since `earlier`, which was `passed` ago; `None` while nothing moves.
    pub fn time_left(self, earlier: Self, passed: Duration) -> Option<Duration> {
        let done = earlier.waiting.checked_sub(self.waiting).filter(|done| *done > 0)?;
        Some(passed * self.waiting / done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_takes_as_long_as_what_is_done_and_nothing_done_says_nothing() {
        let at = |waiting| SendingProgress { waiting, sent: 100 - waiting, failed: 0 };
        let passed = Duration::from_secs(4);
        assert_eq!(at(75).time_left(at(100), passed), Some(Duration::from_secs(12)));
        assert_eq!(at(100).time_left(at(100), passed), None);
        // More were queued in the meantime.
        assert_eq!(at(100).time_left(at(75), passed), None);
    }
}
