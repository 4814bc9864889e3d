//! The status in lists: one per account, derived from its state, invitations and deliveries. The words, icons
//! and tones are those of the design's status language.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::state::AccountState;
use crate::messages::delivery::DeliveryState;

/// Why an invitation was ended before it was used or expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationEnd {
    /// The address it was sent to was corrected or removed.
    Address,
    /// Staff revoked it.
    Staff,
}

impl InvitationEnd {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Address, Self::Staff];

    /// The name in the database and on the wire.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Staff => "staff",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.slug() == slug)
    }
}

/// The facts that an account's status is derived from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountStanding {
    /// The account's state.
    pub state: AccountState,
    /// The delivery state of the latest invitation's message, if there is one.
    pub delivery: Option<DeliveryState>,
    /// When the latest invitation's page was first opened.
    pub opened_at: Option<DateTime<Utc>>,
    /// When the last live invitation expires.
    pub invitation_expires_at: Option<DateTime<Utc>>,
    /// Why the latest invitation was ended, if it was.
    pub invitation_end: Option<InvitationEnd>,
    /// Whether the person has an email address.
    pub has_email: bool,
}

/// How far a person is on the way to signing in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// There is no account.
    NoAccount,
    /// The account has no invitation yet.
    NotInvited,
    /// The account has no invitation yet, and no address to send one to.
    NoEmail,
    /// The invitation is queued.
    Queued,
    /// The invitation was handed to the mail server and has not been refused.
    Invited,
    /// The invitation's page was opened.
    LinkOpened,
    /// The last invitation expired unused.
    CodeExpired,
    /// The last invitation went to an address that has been corrected since. It has to be sent again.
    AddressCorrected,
    /// Staff revoked the last invitation.
    Revoked,
    /// The mail server refused the invitation.
    Failed,
    /// The invitation bounced.
    Bounced,
    /// The person has chosen a password.
    Active,
    /// Too many wrong passwords.
    Locked,
    /// Disabled by staff.
    Disabled,
    /// Closed.
    Closed,
}

/// The design's tones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to do.
    None,
    /// Plain ink.
    Ink,
    /// In progress.
    Blue,
    /// In use.
    Cap,
    /// Someone has to act.
    Amber,
    /// Refused.
    Red,
}

impl Tone {
    /// The value of `data-tone`.
    pub fn slug(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Ink => "ink",
            Self::Blue => "blue",
            Self::Cap => "cap",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }
}

impl AccountStatus {
    /// All, in the order in which people pass through them.
    pub const ALL: [Self; 15] = [
        Self::NoAccount,
        Self::NotInvited,
        Self::NoEmail,
        Self::Queued,
        Self::Invited,
        Self::LinkOpened,
        Self::CodeExpired,
        Self::AddressCorrected,
        Self::Revoked,
        Self::Failed,
        Self::Bounced,
        Self::Active,
        Self::Locked,
        Self::Disabled,
        Self::Closed,
    ];

    /// Derives the status at `now` of a person with this account, or without one.
    pub fn of(standing: Option<&AccountStanding>, now: DateTime<Utc>) -> Self {
        let Some(s) = standing else { return Self::NoAccount };
        match s.state {
            AccountState::Created if s.has_email => Self::NotInvited,
            AccountState::Created => Self::NoEmail,
            AccountState::Active => Self::Active,
            AccountState::Suspended => Self::Disabled,
            AccountState::Locked => Self::Locked,
            AccountState::Closed => Self::Closed,
            AccountState::Invited => match s.delivery {
                // What became of the mail to the wrong address no longer matters.
                _ if s.invitation_end == Some(InvitationEnd::Address) => {
                    if s.has_email {
                        Self::AddressCorrected
                    } else {
                        Self::NoEmail
                    }
                }
                _ if s.invitation_end == Some(InvitationEnd::Staff) => Self::Revoked,
                Some(DeliveryState::Bounced) => Self::Bounced,
                Some(DeliveryState::Failed) => Self::Failed,
                _ if s.invitation_expires_at.is_none_or(|end| end <= now) => Self::CodeExpired,
                _ if s.opened_at.is_some() => Self::LinkOpened,
                Some(DeliveryState::Queued | DeliveryState::Sending) => Self::Queued,
                _ => Self::Invited,
            },
        }
    }

    /// The text on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::NoAccount => "No account",
            Self::NotInvited => "Not invited",
            Self::NoEmail => "No email",
            Self::Queued => "Queued",
            Self::Invited => "Invited",
            Self::LinkOpened => "Opened by a person",
            Self::CodeExpired => "Code expired",
            Self::AddressCorrected => "Not invited: address corrected",
            Self::Revoked => "Invitation cancelled",
            Self::Failed => "Not delivered",
            Self::Bounced => "Bounced",
            Self::Active => "Active",
            Self::Locked => "Locked",
            Self::Disabled => "Disabled",
            Self::Closed => "Closed",
        }
    }

    /// The icon's name in the design's icon sheet.
    pub fn icon(self) -> &'static str {
        match self {
            Self::NoAccount => "cap-none",
            Self::NotInvited => "circle-dashed",
            Self::NoEmail | Self::AddressCorrected | Self::Revoked => "mail-x",
            Self::Queued => "clock",
            Self::Invited => "send",
            Self::LinkOpened => "mail-open",
            Self::CodeExpired => "hourglass",
            Self::Failed | Self::Bounced => "mail-warning",
            Self::Active => "circle-check",
            Self::Locked => "lock",
            Self::Disabled => "ban",
            Self::Closed => "log-out",
        }
    }

    /// The tone.
    pub fn tone(self) -> Tone {
        match self {
            Self::NoAccount | Self::Disabled | Self::Closed => Tone::None,
            Self::NotInvited => Tone::Ink,
            Self::Queued | Self::Invited | Self::LinkOpened => Tone::Blue,
            Self::Active => Tone::Cap,
            Self::NoEmail | Self::CodeExpired | Self::AddressCorrected | Self::Revoked | Self::Locked => {
                Tone::Amber
            }
            Self::Failed | Self::Bounced => Tone::Red,
        }
    }

    /// Whether they have an invitation that was sent and works, so that only a person who asks for it sends another.
    pub fn was_sent(self) -> bool {
        matches!(self, Self::Invited | Self::LinkOpened)
    }

    /// Whether there is an account, as the cap shows it: a closed one is none, until it is opened again.
    pub fn has_account(self) -> bool {
        !matches!(self, Self::NoAccount | Self::Closed)
    }

    /// The group it counts towards in the summary and the status filter. The closed account of someone who has
    /// not left counts as none: they are back, and it can be opened again.
    pub fn group(self, has_left: bool) -> StatusGroup {
        match self {
            Self::NoAccount => StatusGroup::NoAccount,
            Self::Closed if !has_left => StatusGroup::NoAccount,
            Self::NotInvited => StatusGroup::NotInvited,
            Self::Queued | Self::Invited | Self::LinkOpened => StatusGroup::Invited,
            Self::Active => StatusGroup::Active,
            Self::NoEmail
            | Self::CodeExpired
            | Self::AddressCorrected
            | Self::Revoked
            | Self::Failed
            | Self::Bounced
            | Self::Locked => StatusGroup::Attention,
            Self::Disabled | Self::Closed => StatusGroup::Disabled,
        }
    }
}

/// The figures above the list. Each is a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusGroup {
    /// Without an account.
    NoAccount,
    /// With an account, but no invitation.
    NotInvited,
    /// Invited, and not active yet.
    Invited,
    /// Active.
    Active,
    /// Someone has to act.
    Attention,
    /// Disabled or closed by staff.
    Disabled,
}

impl StatusGroup {
    /// All, in the order of the summary.
    pub const ALL: [Self; 6] =
        [Self::NoAccount, Self::NotInvited, Self::Invited, Self::Active, Self::Attention, Self::Disabled];

    /// The groups of accounts that someone could sign in with, now or after an invitation.
    pub const OPEN: [Self; 4] = [Self::NotInvited, Self::Invited, Self::Active, Self::Attention];

    /// The text on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::NoAccount => "No account",
            Self::NotInvited => "Not invited",
            Self::Invited => "Invited",
            Self::Active => "Active",
            Self::Attention => "Need attention",
            Self::Disabled => "Disabled",
        }
    }

    /// The name in web addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::NoAccount => "no_account",
            Self::NotInvited => "not_invited",
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Attention => "attention",
            Self::Disabled => "disabled",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.slug() == slug)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(state: AccountState) -> AccountStanding {
        AccountStanding {
            state,
            delivery: None,
            opened_at: None,
            invitation_expires_at: None,
            invitation_end: None,
            has_email: true,
        }
    }

    #[test]
    fn a_refusal_speaks_louder_than_an_expiry_and_an_expiry_than_an_opening() {
        let now = DateTime::from_timestamp(1_000, 0).unwrap();
        let mut s = standing(AccountState::Invited);
        s.delivery = Some(DeliveryState::Sent);
        s.opened_at = Some(now);
        s.invitation_expires_at = Some(now);
        assert_eq!(AccountStatus::of(Some(&s), now), AccountStatus::CodeExpired);
        s.delivery = Some(DeliveryState::Failed);
        assert_eq!(AccountStatus::of(Some(&s), now), AccountStatus::Failed);
        s.delivery = Some(DeliveryState::Sent);
        s.invitation_expires_at = DateTime::from_timestamp(2_000, 0);
        assert_eq!(AccountStatus::of(Some(&s), now), AccountStatus::LinkOpened);
    }

    #[test]
    fn a_corrected_address_says_so_and_never_that_a_code_expired() {
        let now = DateTime::from_timestamp(1_000, 0).unwrap();
        for delivery in [DeliveryState::Sent, DeliveryState::Bounced, DeliveryState::Failed] {
            let mut s = standing(AccountState::Invited);
            (s.delivery, s.opened_at) = (Some(delivery), Some(now));
            s.invitation_end = Some(InvitationEnd::Address);
            let status = AccountStatus::of(Some(&s), now);
            assert_eq!(
                (status, status.label()),
                (AccountStatus::AddressCorrected, "Not invited: address corrected")
            );
            s.has_email = false;
            assert_eq!(AccountStatus::of(Some(&s), now), AccountStatus::NoEmail);
            s.invitation_end = Some(InvitationEnd::Staff);
            assert_eq!(AccountStatus::of(Some(&s), now), AccountStatus::Revoked);
        }
    }

    #[test]
    fn only_someone_without_an_account_has_a_grey_cap_word() {
        let now = DateTime::from_timestamp(1_000, 0).unwrap();
        assert_eq!(AccountStatus::of(None, now), AccountStatus::NoAccount);
        let nobody = AccountStanding { has_email: false, ..standing(AccountState::Created) };
        assert_eq!(AccountStatus::of(Some(&nobody), now), AccountStatus::NoEmail);
    }
}
