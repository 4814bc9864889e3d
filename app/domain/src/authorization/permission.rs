//! Permissions.

use serde::{Deserialize, Serialize};

/// Something a person may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// View students and their records, and the list of staff.
    ViewRoll,
    /// Change addresses. Separate from managing portal access.
    EditContacts,
    /// Import lists: students, staff, guardians.
    ImportRoll,
    /// Add guardians, say whose they are, and decide what they see of a child.
    ManageGuardians,
    /// See, record and lift restrictions: what a court order or the school keeps from an adult.
    ManageRestrictions,
    /// Create courses and groups, and decide who is in them and who tutors them.
    ManageGroups,
    /// View accounts and their states.
    ViewAccounts,
    /// See usernames that people had before, which can tell a former name.
    ViewFormerUsernames,
    /// Manage portal access: create, disable, enable, unlock and undo accounts.
    ManageAccounts,
    /// Send, resend and revoke invitations.
    SendInvitations,
    /// See a person's portal as that person does.
    PreviewAccount,
    /// Export lists of accounts.
    ExportAccounts,
    /// View the mailbox page of the embedded mode.
    ViewMailbox,
    /// Manage settings of a school.
    ManageSettings,
    /// Assign roles, and create custom roles.
    ManageRoles,
    /// Read, export and verify the audit log.
    ViewAudit,
    /// Export and erase what is held on a person.
    ManageDataRights,
    /// Use the office. Everyone with a staff role may.
    UseOffice,
    /// View and change one's own things. Everyone signed in may, and nobody may see another person's.
    OwnPortal,
    /// View part of a child's portal: one's own, or by a grant. Roles do not give it.
    ViewChild,
}

impl Permission {
    /// All permissions a staff role can have.
    pub const ALL: [Self; 17] = [
        Self::ViewRoll,
        Self::EditContacts,
        Self::ImportRoll,
        Self::ManageGuardians,
        Self::ManageRestrictions,
        Self::ManageGroups,
        Self::ViewAccounts,
        Self::ViewFormerUsernames,
        Self::ManageAccounts,
        Self::SendInvitations,
        Self::PreviewAccount,
        Self::ExportAccounts,
        Self::ViewMailbox,
        Self::ManageSettings,
        Self::ManageRoles,
        Self::ViewAudit,
        Self::ManageDataRights,
    ];

    /// Whether it concerns all schools at once, so that a role at one school cannot give it.
    pub fn spans_schools(self) -> bool {
        matches!(self, Self::ViewMailbox | Self::ViewAudit)
    }

    /// Whether it concerns one or more whole schools, so that a role for a group cannot give it.
    pub fn spans_groups(self) -> bool {
        self.spans_schools()
            || matches!(
                self,
                Self::ImportRoll
                    | Self::ManageGroups
                    | Self::ManageSettings
                    | Self::ManageRoles
                    | Self::ManageDataRights
            )
    }

    /// The name in the database and in web addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::ViewRoll => "view_roll",
            Self::EditContacts => "edit_contacts",
            Self::ImportRoll => "import_roll",
            Self::ManageGuardians => "manage_guardians",
            Self::ManageRestrictions => "manage_restrictions",
            Self::ManageGroups => "manage_groups",
            Self::ViewAccounts => "view_accounts",
            Self::ViewFormerUsernames => "view_former_usernames",
            Self::ManageAccounts => "manage_accounts",
            Self::SendInvitations => "send_invitations",
            Self::PreviewAccount => "preview_account",
            Self::ExportAccounts => "export_accounts",
            Self::ViewMailbox => "view_mailbox",
            Self::ManageSettings => "manage_settings",
            Self::ManageRoles => "manage_roles",
            Self::ViewAudit => "view_audit",
            Self::ManageDataRights => "manage_data_rights",
            Self::UseOffice => "use_office",
            Self::OwnPortal => "own_portal",
            Self::ViewChild => "view_child",
        }
    }

    /// Reads the [`Self::slug`] of a permission that a role can have.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.slug() == slug)
    }

    /// The text on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::ViewRoll => "View students, guardians, staff and their records",
            Self::EditContacts => "Edit contacts",
            Self::ImportRoll => "Import students, staff and guardians",
            Self::ManageGuardians => "Manage guardians and what they see",
            Self::ManageRestrictions => "Record and lift restrictions",
            Self::ManageGroups => "Manage courses and teaching groups",
            Self::ViewAccounts => "View accounts",
            Self::ViewFormerUsernames => "View former usernames",
            Self::ManageAccounts => "Manage portal access",
            Self::SendInvitations => "Send invitation codes",
            Self::PreviewAccount => "Preview accounts",
            Self::ExportAccounts => "Export accounts",
            Self::ViewMailbox => "View the mailbox",
            Self::ManageSettings => "Manage settings",
            Self::ManageRoles => "Manage roles",
            Self::ViewAudit => "Read the audit log",
            Self::ManageDataRights => "Export and erase what is held on a person",
            Self::UseOffice => "Use the office",
            Self::OwnPortal => "View your own portal",
            Self::ViewChild => "View a child\u{2019}s portal",
        }
    }

    /// What a role form says beside it, if it gives more than its name says.
    pub fn caution(self) -> Option<&'static str> {
        match self {
            Self::EditContacts => Some(
                "Anyone who changes an email address decides who gets that person\u{2019}s messages, and so who can get into their account. Links to a new password rest for 3 days after a change.",
            ),
            Self::ManageAccounts => {
                Some("Includes one-time codes, which open an account in place of its password.")
            }
            _ => None,
        }
    }

    fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A set of permissions from [`Permission::ALL`].
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct PermissionSet(u32);

impl PermissionSet {
    /// Whether it is in the set.
    pub fn contains(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// The permissions, in the order of [`Permission::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |permission| self.contains(*permission))
    }

    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |bits, permission| bits | permission.bit()))
    }
}

impl std::fmt::Debug for PermissionSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_in_the_database_is_the_word_on_the_wire() {
        for permission in Permission::ALL {
            assert_eq!(serde_json::to_value(permission).unwrap(), permission.slug());
            assert_eq!(Permission::from_slug(permission.slug()), Some(permission));
        }
    }
}
