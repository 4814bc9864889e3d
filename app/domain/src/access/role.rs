//! Roles of staff. A role is a named set of permissions, given per school or for the whole organisation.

use serde::{Deserialize, Serialize};

use super::policy::Permission;

/// What someone at the school may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, settings and roles included.
    Administrator,
    /// The roll, accounts and invitations.
    AccountManager,
    /// Looks, changes nothing.
    OfficeViewer,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 3] = [Self::Administrator, Self::AccountManager, Self::OfficeViewer];

    /// What the role may do.
    pub fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Administrator => &Permission::ALL,
            Self::AccountManager => &[
                P::ViewRoll,
                P::EditContacts,
                P::ImportRoll,
                P::ViewAccounts,
                P::ManageAccounts,
                P::SendInvitations,
                P::PreviewAccount,
                P::ExportAccounts,
                P::ViewMailbox,
            ],
            Self::OfficeViewer => &[P::ViewRoll, P::ViewAccounts],
        }
    }

    /// The word in the database and on the command line.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::AccountManager => "account_manager",
            Self::OfficeViewer => "office_viewer",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.slug() == slug)
    }

    /// The words on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Administrator => "Administrator",
            Self::AccountManager => "Account manager",
            Self::OfficeViewer => "Office viewer",
        }
    }
}
