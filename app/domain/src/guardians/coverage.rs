//! Why a child has no adult who can sign in: one reason for each child, the one that is nearest to being solved.

use serde::{Deserialize, Serialize};

use crate::authorization::permission::Permission;

/// Why no guardian of a current student has an active account, from the first step to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingReason {
    /// No contact is recorded.
    NoContact,
    /// All contacts are of a kind that cannot be guardians, or are marked "no portal".
    NotGuardians,
    /// A restriction keeps every guardian from the child.
    Restricted,
    /// No guardian has an account, an email address or a mobile number.
    NoAddress,
    /// A guardian can be reached, and has no account, or a closed one.
    NoAccount,
    /// Guardians with an account were given nothing to see of this child.
    NoAccess,
    /// The account is disabled.
    Disabled,
    /// An account exists without an email address, and there is no code on paper that works.
    NotPrinted,
    /// An account exists, and no invitation was sent.
    NotInvited,
    /// The mail server refused the last invitation, or it came back.
    Bounced,
    /// The last invitation expired or was revoked.
    Expired,
    /// A code was printed that still works, and nobody has used it.
    OnPaper,
    /// It was sent, and nobody has opened it.
    NeverOpened,
    /// It was opened, and no password was chosen.
    NotActivated,
}

impl MissingReason {
    /// All of them, from the first step to the last.
    pub const ALL: [Self; 14] = [
        Self::NoContact,
        Self::NotGuardians,
        Self::Restricted,
        Self::NoAddress,
        Self::NoAccount,
        Self::NoAccess,
        Self::Disabled,
        Self::NotPrinted,
        Self::NotInvited,
        Self::Bounced,
        Self::Expired,
        Self::OnPaper,
        Self::NeverOpened,
        Self::NotActivated,
    ];

    /// The name in addresses and files.
    pub fn slug(self) -> &'static str {
        match self {
            Self::NoContact => "no_contact",
            Self::NotGuardians => "not_guardians",
            Self::Restricted => "restricted",
            Self::NoAddress => "no_address",
            Self::NoAccount => "no_account",
            Self::NoAccess => "no_access",
            Self::Disabled => "disabled",
            Self::NotPrinted => "not_printed",
            Self::NotInvited => "not_invited",
            Self::Bounced => "bounced",
            Self::Expired => "expired",
            Self::OnPaper => "on_paper",
            Self::NeverOpened => "never_opened",
            Self::NotActivated => "not_activated",
        }
    }

    /// Reads a step of the function `guardian_steps` of the database: the place in [`Self::ALL`]. The step after the last
    /// is an active account.
    pub fn from_step(step: i32) -> Option<Self> {
        usize::try_from(step).ok().and_then(|step| Self::ALL.get(step).copied())
    }

    /// Its step.
    pub fn step(self) -> i32 {
        // Fourteen are counted without a loss.
        Self::ALL
            .iter()
            .position(|reason| *reason == self)
            .and_then(|at| i32::try_from(at).ok())
            .unwrap_or_default()
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.slug() == slug)
    }

    /// The text on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::NoContact => "No contact",
            Self::NotGuardians => "Contacts are not guardians",
            Self::Restricted => "Restricted",
            Self::NoAddress => "No email or mobile",
            Self::NoAccount => "No account",
            Self::NoAccess => "Account without access",
            Self::Disabled => "Account disabled",
            Self::NotPrinted => "No email, no code on paper",
            Self::NotInvited => "Not invited",
            Self::Bounced => "Message bounced",
            Self::Expired => "Invitation expired",
            Self::OnPaper => "Code on paper, not used yet",
            Self::NeverOpened => "Invitation not opened",
            Self::NotActivated => "Opened, no password yet",
        }
    }

    /// What the office does about it.
    pub fn next(self) -> &'static str {
        match self {
            Self::NoContact => "Add a contact on the student\u{2019}s record, or import contacts.",
            Self::NotGuardians => {
                "Correct the relationship if one of them is a guardian. No one is given access in bulk."
            }
            Self::Restricted => "Ask the person responsible for safeguarding. Nothing is done in bulk.",
            Self::NoAddress => "Add an email address, or create an account and print a code to hand over.",
            Self::NoAccount => "Create the accounts.",
            Self::NoAccess => "Give the guardian access to this student.",
            Self::Disabled => "Enable the account if it was disabled by mistake.",
            Self::NotPrinted => "Print a code and hand it over, or add an email address.",
            Self::NotInvited => "Invite them.",
            Self::Bounced => "Correct the email address. A new invitation then goes to it.",
            Self::OnPaper => "Hand the code over, or print a new one.",
            Self::Expired | Self::NeverOpened | Self::NotActivated => "Invite them again.",
        }
    }

    /// What one press can do for all of them.
    pub fn bulk(self) -> BulkStep {
        match self {
            Self::NotInvited | Self::Expired | Self::NeverOpened | Self::NotActivated => BulkStep::Invite,
            Self::NotPrinted | Self::OnPaper => BulkStep::Print,
            Self::NoAccount => BulkStep::Create,
            Self::NoAccess => BulkStep::Attach,
            Self::Disabled => BulkStep::Enable,
            Self::NoContact | Self::NotGuardians | Self::NoAddress | Self::Bounced => BulkStep::FillIn,
            Self::Restricted => BulkStep::None,
        }
    }
}

/// What one press can do for several children at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkStep {
    /// Send invitations.
    Invite,
    /// Print invitation codes to hand over.
    Print,
    /// Create accounts by autocreate.
    Create,
    /// Attach children to existing accounts by autocreate.
    Attach,
    /// Enable accounts that are disabled.
    Enable,
    /// Download a sheet with the students, to fill in what is missing and import it.
    FillIn,
    /// Somebody has to look at each.
    None,
}

impl BulkStep {
    /// The permission that it takes; none for what nobody does in bulk.
    pub fn permission(self) -> Option<Permission> {
        match self {
            Self::Invite => Some(Permission::SendInvitations),
            Self::Create | Self::Attach => Some(Permission::ManageGuardians),
            Self::Print | Self::Enable => Some(Permission::ManageAccounts),
            Self::FillIn => Some(Permission::ExportAccounts),
            Self::None => None,
        }
    }

    /// The button that does it for the students of a reason; empty for what nobody does in bulk.
    pub fn label(self) -> &'static str {
        match self {
            Self::Invite => "Invite guardians",
            Self::Print => "Print codes",
            Self::Create => "Create accounts",
            Self::Attach => "Give access",
            Self::Enable => "Enable accounts",
            Self::FillIn => "Download a sheet to fill in",
            Self::None => "",
        }
    }
}

/// How many current students of a school have a guardian with an active account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// Current students.
    pub students: u32,
    /// Those with a guardian who has an active account and may see something of them.
    pub covered: u32,
}

impl Coverage {
    /// The share in tenths of a per cent, rounded down: 1000 only if everyone is covered. A school without students has
    /// nobody to cover.
    pub fn per_mille(self) -> u32 {
        if self.students == 0 {
            return 1000;
        }
        let share = u64::from(self.covered) * 1000 / u64::from(self.students);
        u32::try_from(share).unwrap_or(1000)
    }

    /// "93.4 %".
    pub fn share(self) -> String {
        let share = self.per_mille();
        format!("{}.{} %", share / 10, share % 10)
    }

    /// Students without.
    pub fn missing(self) -> u32 {
        self.students.saturating_sub(self.covered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_in_addresses_are_read_back() {
        for reason in MissingReason::ALL {
            assert_eq!(MissingReason::from_slug(reason.slug()), Some(reason));
            assert_eq!(MissingReason::from_step(reason.step()), Some(reason));
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.slug());
        }
        assert_eq!((MissingReason::from_slug("anything"), MissingReason::from_step(14)), (None, None));
    }

    #[test]
    fn a_restricted_child_is_never_part_of_a_bulk_action() {
        assert_eq!(MissingReason::Restricted.bulk(), BulkStep::None);
    }

    #[test]
    fn a_share_is_whole_only_if_every_student_is_covered() {
        assert_eq!(Coverage { students: 3, covered: 2 }.share(), "66.6 %");
        assert_eq!(Coverage { students: 100_000, covered: 99_999 }.share(), "99.9 %");
        assert_eq!(Coverage { students: 2, covered: 2 }.share(), "100.0 %");
        assert_eq!(Coverage::default().per_mille(), 1000);
    }
}
