//! Staff roles. A role is a named set of permissions, given for a school, a group or the whole organisation,
//! for a period.

use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::permission::{Permission, PermissionSet};

/// A built-in role. An organisation can add custom roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, including settings and roles.
    Administrator,
    /// The roll, accounts and invitations.
    AccountManager,
    /// Sees students and what they see, and changes nothing.
    Tutor,
    /// Creates and manages the accounts of the groups it is given for.
    GroupTutor,
    /// Sees the roll and accounts, and changes nothing.
    OfficeViewer,
}

impl Role {
    /// All roles, starting with the most permissions.
    pub const ALL: [Self; 5] =
        [Self::Administrator, Self::AccountManager, Self::GroupTutor, Self::Tutor, Self::OfficeViewer];

    /// What the role may do.
    pub fn permissions(self) -> PermissionSet {
        use Permission as P;
        let permissions: &[Permission] = match self {
            Self::Administrator => &Permission::ALL,
            Self::AccountManager => &[
                P::ViewRoll,
                P::EditContacts,
                P::ImportRoll,
                P::ManageGuardians,
                P::ManageRestrictions,
                P::ManageGroups,
                P::ViewAccounts,
                P::ManageAccounts,
                P::SendInvitations,
                P::PreviewAccount,
                P::ExportAccounts,
                P::ViewMailbox,
            ],
            Self::GroupTutor => {
                &[P::ViewRoll, P::ViewAccounts, P::ManageAccounts, P::SendInvitations, P::PreviewAccount]
            }
            Self::Tutor => &[P::ViewRoll, P::ViewAccounts, P::PreviewAccount],
            Self::OfficeViewer => &[P::ViewRoll, P::ViewAccounts],
        };
        permissions.iter().copied().collect()
    }

    /// The name in the database and on the command line.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::AccountManager => "account_manager",
            Self::GroupTutor => "group_tutor",
            Self::Tutor => "tutor",
            Self::OfficeViewer => "office_viewer",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.slug() == slug)
    }

    /// The name on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Administrator => "Administrator",
            Self::AccountManager => "Account manager",
            Self::GroupTutor => "Group tutor",
            Self::Tutor => "Tutor",
            Self::OfficeViewer => "Office viewer",
        }
    }
}

/// The name of a custom role: 1 to 60 characters, and not the [`Role::label`] of a built-in role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleName(String);

/// Why a name is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RoleNameError {
    /// It is empty.
    #[error("Enter a name for the role.")]
    Empty,
    /// More than 60 characters.
    #[error("Use at most 60 characters.")]
    TooLong,
    /// A built-in role has this name.
    #[error("There is already a role with this name. Choose another.")]
    Taken,
}

impl FromStr for RoleName {
    type Err = RoleNameError;

    fn from_str(text: &str) -> Result<Self, RoleNameError> {
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            Err(RoleNameError::Empty)
        } else if name.chars().count() > 60 {
            Err(RoleNameError::TooLong)
        } else if Role::ALL.iter().any(|role| role.label().eq_ignore_ascii_case(&name)) {
            Err(RoleNameError::Taken)
        } else {
            Ok(Self(name))
        }
    }
}

impl RoleName {
    /// The name as shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The days on which a role is valid, both ends included; either may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ValidityPeriod {
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

/// The last day is before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("The last day is before the first day. Choose a later day, or leave it empty.")]
pub struct ValidityPeriodError;

impl ValidityPeriod {
    /// From a first to a last day.
    pub fn new(from: Option<NaiveDate>, until: Option<NaiveDate>) -> Result<Self, ValidityPeriodError> {
        match (from, until) {
            (Some(from), Some(until)) if until < from => Err(ValidityPeriodError),
            _ => Ok(Self { from, until }),
        }
    }

    /// The first day.
    pub fn from(self) -> Option<NaiveDate> {
        self.from
    }

    /// The last day.
    pub fn until(self) -> Option<NaiveDate> {
        self.until
    }

    /// Whether the period includes a day.
    pub fn on(self, day: NaiveDate) -> RoleValidity {
        match (self.from, self.until) {
            (Some(from), _) if day < from => RoleValidity::NotYet(from),
            (_, Some(until)) if day > until => RoleValidity::Ended(until),
            _ => RoleValidity::Now,
        }
    }
}

/// Whether a role is valid today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleValidity {
    /// It is valid.
    Now,
    /// Valid from this day.
    NotYet(NaiveDate),
    /// It was valid until this day.
    Ended(NaiveDate),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_holds_on_its_first_and_its_last_day() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 9, day).unwrap();
        let term = ValidityPeriod::new(Some(day(2)), Some(day(4))).unwrap();
        assert_eq!(term.on(day(1)), RoleValidity::NotYet(day(2)));
        assert_eq!([term.on(day(2)), term.on(day(4))], [RoleValidity::Now; 2]);
        assert_eq!(term.on(day(5)), RoleValidity::Ended(day(4)));
        assert_eq!(ValidityPeriod::default().on(day(1)), RoleValidity::Now);
        assert_eq!(ValidityPeriod::new(Some(day(4)), Some(day(2))), Err(ValidityPeriodError));
    }

    #[test]
    fn a_role_of_ones_own_has_a_name_of_its_own() {
        assert_eq!("  Head  of year ".parse::<RoleName>().unwrap().as_str(), "Head of year");
        assert_eq!(" ".parse::<RoleName>(), Err(RoleNameError::Empty));
        assert_eq!("office VIEWER".parse::<RoleName>(), Err(RoleNameError::Taken));
        assert_eq!("x".repeat(61).parse::<RoleName>(), Err(RoleNameError::TooLong));
    }
}
