//! What staff see about someone who cannot sign in, and what helps.

use serde::{Deserialize, Serialize};

use crate::authorization::permission::Permission;

/// Whether someone can sign in, and everything that affects it. Times are in words, in the school's time
/// zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInHelp {
    /// Whether they can sign in.
    pub can: bool,
    /// The same as a sentence, with the reason.
    pub verdict: String,
    /// What helps.
    pub remedy: Option<SignInRemedy>,
    /// What affects it, one line each.
    pub facts: Vec<HelpFact>,
}

/// One thing that affects whether someone can sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpFact {
    /// The subject.
    pub about: String,
    /// The state of it.
    pub tells: String,
    /// What helps.
    pub remedy: Option<SignInRemedy>,
}

impl HelpFact {
    /// A fact that needs no action.
    pub fn new(about: &str, tells: impl Into<String>) -> Self {
        Self { about: about.to_owned(), tells: tells.into(), remedy: None }
    }

    /// Adds a remedy.
    #[must_use]
    pub fn helped_by(self, remedy: Option<SignInRemedy>) -> Self {
        Self { remedy, ..self }
    }
}

/// A remedy that takes one click.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInRemedy {
    /// Enable a disabled account.
    Enable,
    /// Unlock a locked account.
    Unlock,
    /// Send an invitation.
    Invite,
    /// Send another invitation to someone who has one that works.
    InviteAgain,
    /// Add an email address for the invitation.
    AddAddress,
    /// Close the account of someone who has left.
    Close,
    /// Create a code that replaces the password once.
    Code,
    /// Remove second factors that were lost.
    RemoveFactors,
    /// Remove identities linked for single sign-on.
    RemoveIdentities,
}

impl SignInRemedy {
    /// The button's label.
    pub fn label(self) -> &'static str {
        match self {
            Self::Enable => "Enable",
            Self::Unlock => "Unlock",
            Self::Invite => "Send invitation code email",
            Self::InviteAgain => "Send again",
            Self::AddAddress => "Add email",
            Self::Close => "Close the account",
            Self::Code => "Create a one-time code",
            Self::RemoveFactors => "Remove second factors",
            Self::RemoveIdentities => "Remove the link",
        }
    }

    /// Whether it is what to do next. The others are there for those who know that they need them.
    pub fn is_next(self) -> bool {
        matches!(self, Self::Enable | Self::Unlock | Self::Close | Self::Invite | Self::AddAddress)
    }

    /// The permission it needs.
    pub fn takes(self) -> Permission {
        match self {
            Self::Enable
            | Self::Unlock
            | Self::Close
            | Self::Code
            | Self::RemoveFactors
            | Self::RemoveIdentities => Permission::ManageAccounts,
            Self::Invite | Self::InviteAgain => Permission::SendInvitations,
            Self::AddAddress => Permission::EditContacts,
        }
    }
}
