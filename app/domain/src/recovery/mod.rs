//! Messages that help people back in.

use serde::{Deserialize, Serialize};

use crate::accounts::action::LeftAlone;
use crate::audit::exports::Rows;

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecoveryMail {
    /// A link to a new password for each person with the address.
    Links,
    /// A one-time code that the office made for one person.
    Code,
    /// The usernames of everyone with the address.
    Usernames,
    /// That the second factors of one person were changed.
    Factors,
    /// That the password of one person was changed.
    Password,
    /// A code for each person with the address that shows whose an identity of a provider is.
    Identity,
    /// A link with which one person confirms a new address, to that address.
    AddressConfirm,
    /// That one person asked for another address, with a link to undo it, to the address that they have.
    AddressAsked,
    /// That messages to one person go elsewhere now, to the address from before.
    AddressChanged,
    /// That someone came as far as the second factor of one person and showed wrong ones.
    Guesses,
    /// That something happened which administrators should look at.
    Alert,
}

impl RecoveryMail {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Links,
        Self::Code,
        Self::Usernames,
        Self::Factors,
        Self::Password,
        Self::Identity,
        Self::AddressConfirm,
        Self::AddressAsked,
        Self::AddressChanged,
        Self::Guesses,
        Self::Alert,
    ];

    /// The word in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Links => "links",
            Self::Code => "code",
            Self::Usernames => "usernames",
            Self::Factors => "factors",
            Self::Password => "password",
            Self::Identity => "identity",
            Self::AddressConfirm => "address_confirm",
            Self::AddressAsked => "address_asked",
            Self::AddressChanged => "address_changed",
            Self::Guesses => "guesses",
            Self::Alert => "alert",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mail| mail.slug() == slug)
    }
}

/// How a one-time code of the office reaches its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeHandout {
    /// By email to the address that messages go to.
    Emailed,
    /// Shown once at the desk, to be read out or printed.
    Shown,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "handed")]
pub enum CodeOutcome {
    /// The message is in the queue.
    Queued,
    /// To be shown, this once.
    Shown {
        /// The person's name as pages show it.
        name: String,
        /// Their username.
        username: String,
        /// The code, in two groups.
        code: String,
        /// The address of the sign-in page.
        page: String,
        /// The moment until which it works, in words.
        until: String,
    },
}

/// Whom one-time codes can be made for, before they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodesAsked {
    /// How many people.
    pub people: usize,
    /// How many of them have an email address.
    pub with_address: usize,
    /// The others, by reason.
    pub left_alone: Vec<LeftAlone>,
    /// The set size, if codes for so many people wait for a second person.
    pub waits_over: Option<Rows>,
}

/// Codes that were made together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodesMade {
    /// How they reach their people.
    pub handout: CodeHandout,
    /// How many.
    pub made: usize,
    /// To be shown, this once; none of those that went out by email.
    pub slips: Vec<CodeSlip>,
    /// The address of the sign-in page.
    pub page: String,
    /// The moment until which they work, in words.
    pub until: String,
}

/// One of several codes, to be cut out and handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeSlip {
    /// The person's name as pages show it.
    pub name: String,
    /// Their username.
    pub username: String,
    /// The code, in two groups.
    pub code: String,
}
