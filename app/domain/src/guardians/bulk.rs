//! What staff do to several guardians at once, and to whom.

use serde::{Deserialize, Serialize};

use super::views::AccountFilter;
use crate::accounts::action::AccountAction;
use crate::accounts::bulk::BulkChange;
use crate::accounts::portal_choice::PortalChoice;
use crate::authorization::permission::Permission;
use crate::ids::PersonId;
use crate::invitations::views::InvitationStanding;

/// What the list of guardians is filtered by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardianFilter {
    /// Words of a name, email, username or child.
    pub words: String,
    /// By account.
    pub accounts: AccountFilter,
}

/// The guardians that an action is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChosenGuardians {
    /// Those who were ticked.
    Ticked(Vec<PersonId>),
    /// Everyone who matches a filter when the action is asked for.
    Matching(GuardianFilter),
}

/// An action on several guardians.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuardianAction {
    /// Creates the accounts of those who have none.
    Create,
    /// Sends an invitation to those whose last one stands like this.
    Invite(InvitationStanding),
    /// Makes invitation codes on paper, for those whose account waits for a password.
    Print,
    /// Revokes the invitations that still work.
    Cancel,
    /// Makes one-time codes for those who forgot their password.
    Codes,
    /// Prints passwords on cards.
    Cards,
    /// Goes on to what such a change of accounts would do.
    Change(BulkChange),
    /// Writes them into a file.
    Export,
}

impl GuardianAction {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 15] = [
        Self::Create,
        Self::Invite(InvitationStanding::Never),
        Self::Invite(InvitationStanding::Waiting),
        Self::Invite(InvitationStanding::Ended),
        Self::Print,
        Self::Cancel,
        Self::Cards,
        Self::Codes,
        Self::Change(BulkChange::State(AccountAction::Unlock)),
        Self::Change(BulkChange::State(AccountAction::Enable)),
        Self::Change(BulkChange::Portal(PortalChoice::Usual)),
        Self::Change(BulkChange::Portal(PortalChoice::HomeVisits)),
        Self::Change(BulkChange::State(AccountAction::Disable)),
        Self::Change(BulkChange::State(AccountAction::Close)),
        Self::Export,
    ];

    /// The name in forms.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Invite(InvitationStanding::Never) => "invite",
            Self::Invite(InvitationStanding::Waiting) => "remind",
            Self::Invite(InvitationStanding::Ended) => "resend",
            Self::Print => "print",
            Self::Cancel => "cancel",
            Self::Cards => "cards",
            Self::Codes => "codes",
            Self::Change(change) => change.slug(),
            Self::Export => "export",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.slug() == slug)
    }

    /// The permission that it takes.
    pub fn permission(self) -> Permission {
        match self {
            Self::Create | Self::Print | Self::Cards | Self::Codes | Self::Change(_) => {
                Permission::ManageAccounts
            }
            Self::Invite(_) | Self::Cancel => Permission::SendInvitations,
            Self::Export => Permission::ExportAccounts,
        }
    }

    /// The text in the menu.
    pub fn label(self) -> String {
        let label = match self {
            Self::Change(change) => return change.label(),
            Self::Create => "Create accounts",
            Self::Invite(InvitationStanding::Never) => "Send a first invitation",
            Self::Invite(InvitationStanding::Waiting) => "Remind those who have not answered",
            Self::Invite(InvitationStanding::Ended) => "Send again after it expired or bounced",
            Self::Print => "Print invitation codes to hand over",
            Self::Cancel => "Cancel invitations",
            Self::Cards => "Print passwords",
            Self::Codes => "Create one-time codes to send or print",
            Self::Export => "Export to a spreadsheet",
        };
        label.to_owned()
    }

    /// "Send 12 invitation codes".
    pub fn button(self, many: usize) -> String {
        let things = |verb: &str, one: &str, several: &str| match many {
            1 => format!("{verb} 1 {one}"),
            many => format!("{verb} {many} {several}"),
        };
        match self {
            Self::Create => things("Create", "account", "accounts"),
            Self::Invite(InvitationStanding::Waiting) => things("Send", "reminder", "reminders"),
            Self::Invite(_) => things("Send", "invitation code", "invitation codes"),
            Self::Print => things("Print", "invitation code", "invitation codes"),
            Self::Cancel => things("Cancel", "invitation", "invitations"),
            Self::Codes => things("Create", "one-time code", "one-time codes"),
            Self::Cards => things("Print", "password", "passwords"),
            Self::Change(change) => change.button(many),
            Self::Export => things("Export", "guardian", "guardians"),
        }
    }

    /// What it means for those it is done to, before it is done.
    pub fn consequence(self, many: usize) -> String {
        match self {
            Self::Create => "Nothing is sent until you send invitations. An account opens no student by itself: what they see is chosen for each student.".to_owned(),
            Self::Invite(InvitationStanding::Waiting) => "They were sent an invitation that still works and have not answered. This is a second email with a new code. The earlier code keeps working until one is used.".to_owned(),
            Self::Invite(_) => "Each person gets an email with their own link and code. It names their students.".to_owned(),
            Self::Print => "You see each code once, to print and hand over. Each person types it with their username and chooses a password. Check who they are before you hand one over. Earlier codes and links keep working until one is used: cancel invitations first if one reached the wrong person.".to_owned(),
            Self::Cancel => "Links and codes already sent stop working, and emails that wait are not sent. The accounts stay, and you can send new codes.".to_owned(),
            Self::Codes => "A code lets them sign in once and choose a new password.".to_owned(),
            Self::Cards => "You see each password once, to print and hand over. The person who signs in with it chooses their own.".to_owned(),
            Self::Change(change) => change.consequence(many),
            Self::Export => "The file has names, students, email addresses and usernames. It is recorded in the audit log.".to_owned(),
        }
    }

    /// What was done, after it was: "12 invitation codes queued."
    pub fn done(self, many: usize) -> String {
        let things = |one: &str, several: &str, what: &str| match many {
            1 => format!("1 {one} {what}."),
            many => format!("{many} {several} {what}."),
        };
        match self {
            Self::Create => things("account", "accounts", "created"),
            Self::Invite(InvitationStanding::Waiting) => things("reminder", "reminders", "queued"),
            Self::Invite(_) => things("invitation code", "invitation codes", "queued"),
            Self::Print => things("invitation code", "invitation codes", "printed"),
            Self::Cancel => things("invitation", "invitations", "cancelled"),
            Self::Codes => things("one-time code", "one-time codes", "created"),
            Self::Cards => things("password", "passwords", "printed"),
            Self::Change(change) => format!("{}.", change.done(many)),
            Self::Export => things("guardian", "guardians", "exported"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_read_back_and_counts_one_and_many() {
        for action in GuardianAction::ALL {
            assert_eq!(GuardianAction::from_slug(action.slug()), Some(action));
            assert!(action.button(1).contains(" 1 ") && action.button(2).contains(" 2 "), "{action:?}");
            assert!(action.done(1).starts_with("1 ") && action.done(2).starts_with("2 "), "{action:?}");
        }
        assert_eq!(GuardianAction::from_slug("merge"), None);
    }
}
