//! Invitations as they cross the wire.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, BatchId, InvitationId, MessageId, OperationId, PersonId};
use crate::messages::delivery::DeliveryState;
use crate::messages::failure::DeliveryFailure;
use crate::roll::office::OfficeContact;
use crate::roll::selection::Selection;

/// The recipients of invitations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "to")]
pub enum Recipients {
    /// Those of a batch who were never invited.
    Batch {
        /// The batch.
        batch: BatchId,
        /// Those of it who were invited and have not answered instead: they get a second invitation.
        #[serde(default)]
        again: bool,
    },
    /// Everyone with an account who was never invited.
    Uninvited,
    /// These accounts.
    Accounts {
        /// In any order, duplicates allowed.
        ids: Vec<AccountId>,
        /// Whether those who were sent one and have not answered get another. Otherwise they are left out, so that a
        /// second press sends nothing.
        #[serde(default)]
        again: bool,
    },
    /// The people in a selection who have an account. People who are named can be students, their guardians and staff.
    Selected {
        /// The selection.
        selection: Selection,
        /// Only those whose last invitation stands like this; everyone if it is not said.
        #[serde(default)]
        only: Option<InvitationStanding>,
    },
}

/// How the last invitation of somebody who has not chosen a password stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationStanding {
    /// They were never sent one.
    Never,
    /// It was sent, works, and is not answered.
    Waiting,
    /// It came back, expired or was revoked.
    Ended,
}

/// Why someone was not invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotInvitedReason {
    /// The person has no email address.
    NoEmail,
    /// An invitation was queued and is not sent yet.
    OnTheWay,
    /// An invitation was sent and still works, and another was not asked for.
    Sent,
    /// The account is active or locked, so it does not need an invitation.
    Active,
    /// Staff disabled the account.
    Disabled,
    /// The account was closed.
    Closed,
    /// The person has more permissions than the sender.
    Outranks,
    /// The sender changed the address after a second person was asked for approval.
    AddressChanged,
    /// No invitation was sent yet, and only another one was asked for.
    NeverSent,
    /// The last invitation came back, expired or was revoked, and that was not asked for.
    Ended,
}

impl NotInvitedReason {
    /// The name in logs and `--json`.
    pub fn slug(self) -> &'static str {
        match self {
            Self::NoEmail => "no_email",
            Self::OnTheWay => "on_the_way",
            Self::Sent => "sent",
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::Closed => "closed",
            Self::Outranks => "outranks",
            Self::AddressChanged => "address_changed",
            Self::NeverSent => "never_sent",
            Self::Ended => "ended",
        }
    }

    /// The reason after "12 left out: ".
    pub fn phrase(self) -> &'static str {
        match self {
            Self::NoEmail => "no email address",
            Self::OnTheWay => "an invitation is already on its way",
            Self::Sent => "an invitation was sent already",
            Self::Active => "have already chosen a password",
            Self::Disabled => "the account is disabled",
            Self::Closed => "the account is closed",
            Self::Outranks => "more permissions than you have. Ask someone with the same permissions",
            Self::AddressChanged => "you changed the address after approval was requested",
            Self::NeverSent => "no invitation was sent yet",
            Self::Ended => "the last invitation came back, expired or was cancelled",
        }
    }

    /// What staff can do about it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NoEmail => "No email address. Add one and send again.",
            Self::OnTheWay => "An invitation is already on its way. No second one was sent.",
            Self::Sent => "An invitation was sent already. Choose Send again to send another.",
            Self::Active => "Has already chosen a password.",
            Self::Disabled => "The account is disabled. Enable it first.",
            Self::Closed => "The account is closed.",
            Self::Outranks => "Has more permissions than you have. Ask someone with the same permissions.",
            Self::AddressChanged => "You changed the address after approval was requested. Send it again.",
            Self::NeverSent => "No invitation was sent yet. Send a first one.",
            Self::Ended => "The last invitation came back, expired or was cancelled. Send it again.",
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
    /// Their name as pages show it.
    pub name: String,
    /// Admission number.
    pub admission_number: String,
    /// The reason.
    pub reason: NotInvitedReason,
}

/// The result of sending invitations.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendReport {
    /// The number of invitations queued.
    pub queued: u32,
    /// Everyone left out, by name.
    pub left_out: Vec<LeftOutPerson>,
    /// How many were left out because a restriction hides them from the sender, so that they cannot be named.
    #[serde(default)]
    pub restricted: u32,
    /// The job that sends the invitations, if there are many. None has been queued yet in that case.
    #[serde(default)]
    pub operation: Option<OperationId>,
    /// Whether nothing has been queued yet because a second person has to approve it.
    #[serde(default)]
    pub waits: bool,
}

impl SendReport {
    /// What became of the one person's invitation that was asked for.
    pub fn sentence_of_one(&self) -> String {
        self.left_out.first().map_or_else(|| self.sentence(), |left| left.reason.sentence().to_owned())
    }

    /// "12 invitation codes queued. 1 person skipped: a restriction hides them from you."
    pub fn sentence(&self) -> String {
        if self.waits {
            return "Nothing was sent yet: a second person has to approve it, because you changed where messages go for too many people within a day. Find it under Approvals.".to_owned();
        }
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

/// The result of revoking invitations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokeReport {
    /// The number of live invitations revoked.
    pub revoked: u32,
    /// The number of unsent messages cancelled.
    pub cancelled: u32,
    /// How many people were left out because they have more permissions than the actor.
    #[serde(default)]
    pub outranking: u32,
}

impl RevokeReport {
    /// "12 invitations cancelled. 1 skipped: more permissions than you have. Ask someone with the same permissions."
    pub fn sentence(&self) -> String {
        let revoked = match self.revoked {
            1 => "1 invitation cancelled.".to_owned(),
            revoked => format!("{revoked} invitations cancelled."),
        };
        match self.outranking {
            0 => revoked,
            people => format!("{revoked} {people} skipped: {}.", NotInvitedReason::Outranks.phrase()),
        }
    }
}

/// One invitation of an account, as staff see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationLine {
    /// The invitation.
    pub invitation: InvitationId,
    /// Its message.
    pub message: MessageId,
    /// The address it goes to; `None` once the address was removed from the person.
    pub address: Option<String>,
    /// The delivery state of the message.
    pub state: DeliveryState,
    /// The last failure, if any.
    pub failure: Option<DeliveryFailure>,
    /// The mail server's reply, word for word.
    pub answer: Option<String>,
    /// How many times delivery was attempted and put off.
    pub attempts: u32,
    /// When the next attempt is due, while it waits.
    pub next_try_at: Option<DateTime<Utc>>,
    /// When staff sent it.
    pub queued_at: DateTime<Utc>,
    /// When the mail server accepted it.
    pub sent_at: Option<DateTime<Utc>>,
    /// When the link's page was first opened.
    pub opened_at: Option<DateTime<Utc>>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// When it was revoked, or replaced because another was used.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it expires or expired.
    pub expires_at: DateTime<Utc>,
}

/// The contents of a live invitation's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationView {
    /// The name to address the person by.
    pub name: String,
    /// Their username.
    pub username: String,
    /// Their school, or the organisation for people without a school.
    pub school: String,
    /// How they reach its office.
    pub office: OfficeContact,
    /// The minimum length of their password, in characters.
    pub password_minimum: u32,
    /// Their language, as a BCP 47 tag.
    pub language: String,
    /// Whether they choose a password; `false` if their school requires single sign-on.
    pub takes_password: bool,
    /// Whether they work in the office, where they arrive instead of in the portal.
    pub is_staff: bool,
}

/// What a link opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "opening")]
pub enum Opening {
    /// A live invitation.
    Ready {
        /// What its page shows.
        view: InvitationView,
    },
    /// Nothing today: the account can be used from this day on, or no longer.
    OutsideDays {
        /// The day; `None` if its last day has passed.
        opens_on: Option<NaiveDate>,
    },
    /// Nothing: the invitation was used, expired, revoked, stopped or never existed. All get the same answer.
    Ended,
}

/// The progress of the latest messages to the accounts of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendingProgress {
    /// Still queued, for the first time or after a temporary failure.
    pub waiting: u32,
    /// Accepted by the mail server.
    pub sent: u32,
    /// Refused permanently, or bounced.
    pub failed: u32,
}

impl SendingProgress {
    /// The total number.
    pub fn total(self) -> u32 {
        self.waiting + self.sent + self.failed
    }

    /// The time left at the pace since `earlier`, which was `passed` ago; `None` if there was no progress.
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
