//! What staff are told about someone who cannot sign in, and what helps.

use serde::{Deserialize, Serialize};

use crate::authorization::permission::Permission;

/// Whether someone can sign in, and everything that bears on it. Times are in words, on the school's clocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInHelp {
    /// Whether they can.
    pub can: bool,
    /// That in a sentence, with the reason.
    pub verdict: String,
    /// What helps.
    pub remedy: Option<Remedy>,
    /// What bears on it, one line each.
    pub facts: Vec<HelpFact>,
}

/// One thing that bears on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpFact {
    /// What it is about.
    pub about: String,
    /// What is so.
    pub tells: String,
    /// What helps.
    pub remedy: Option<Remedy>,
}

impl HelpFact {
    /// A fact that needs nothing done.
    pub fn new(about: &str, tells: impl Into<String>) -> Self {
        Self { about: about.to_owned(), tells: tells.into(), remedy: None }
    }

    /// The same with what helps.
    #[must_use]
    pub fn helped_by(self, remedy: Option<Remedy>) -> Self {
        Self { remedy, ..self }
    }
}

/// What helps with one click.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// Let a disabled account go on.
    Enable,
    /// Let a locked account go on.
    Unlock,
    /// Send an invitation.
    Invite,
    /// Add an address to send one to.
    AddAddress,
    /// Make a code that stands in for the password once.
    Code,
    /// Take second factors away that were lost.
    RemoveFactors,
    /// Take away what is linked for single sign-on.
    RemoveIdentities,
}

impl Remedy {
    /// The words on its button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Enable => "Enable",
            Self::Unlock => "Unlock",
            Self::Invite => "Send invitation code email",
            Self::AddAddress => "Add email",
            Self::Code => "Create a one-time code",
            Self::RemoveFactors => "Remove second factors",
            Self::RemoveIdentities => "Remove the link",
        }
    }

    /// What it takes.
    pub fn takes(self) -> Permission {
        match self {
            Self::Enable | Self::Unlock | Self::Code | Self::RemoveFactors | Self::RemoveIdentities => {
                Permission::ManageAccounts
            }
            Self::Invite => Permission::SendInvitations,
            Self::AddAddress => Permission::EditContacts,
        }
    }
}
