//! Grants, which give guardians access to children, and restrictions, which override every grant and role.

use serde::{Deserialize, Serialize};

use super::role::RoleValidity;
use crate::ids::PersonId;

/// Part of a child's portal. Each part is granted and restricted separately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortalScope {
    /// Name, date of birth, school, year and groups.
    Profile,
    /// Lessons and changes to them.
    Timetable,
    /// Registers, and notices of absence.
    Attendance,
    /// Published results and marksheets.
    Grades,
    /// Assignments, and work handed in.
    Assignments,
    /// Invoices and payments.
    Fees,
    /// Addresses and phone numbers of the child and their other contacts.
    Contacts,
    /// The school's messages about the child.
    Messages,
}

impl PortalScope {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Profile,
        Self::Timetable,
        Self::Attendance,
        Self::Grades,
        Self::Assignments,
        Self::Fees,
        Self::Contacts,
        Self::Messages,
    ];

    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Timetable => "timetable",
            Self::Attendance => "attendance",
            Self::Grades => "grades",
            Self::Assignments => "assignments",
            Self::Fees => "fees",
            Self::Contacts => "contacts",
            Self::Messages => "messages",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.slug() == slug)
    }

    /// The parts that families can be given. Contact details stay with the office: guardians never see each other's.
    pub const FAMILY: [Self; 7] = [
        Self::Profile,
        Self::Grades,
        Self::Attendance,
        Self::Timetable,
        Self::Assignments,
        Self::Fees,
        Self::Messages,
    ];

    /// The text on pages of the office.
    pub fn label(self) -> &'static str {
        match self {
            Self::Profile => "Profile",
            Self::Timetable => "Timetable",
            Self::Attendance => "Attendance",
            Self::Grades => "Grades",
            Self::Assignments => "Assignments",
            Self::Fees => "Fees",
            Self::Contacts => "Contact details",
            Self::Messages => "Messages",
        }
    }
}

/// Why an adult was given access to a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantGround {
    /// They have parental responsibility.
    ParentalResponsibility,
    /// They are related to the child, and the school gives such relatives access.
    Relation,
    /// Someone entitled to consent did.
    Consent,
    /// A court ordered it.
    Order,
}

impl GrantGround {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::ParentalResponsibility, Self::Relation, Self::Consent, Self::Order];

    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::ParentalResponsibility => "parental_responsibility",
            Self::Relation => "relation",
            Self::Consent => "consent",
            Self::Order => "order",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.slug() == slug)
    }

    /// The text on pages of the office.
    pub fn label(self) -> &'static str {
        match self {
            Self::ParentalResponsibility => "Parental responsibility",
            Self::Relation => "Relationship",
            Self::Consent => "Consent",
            Self::Order => "Court order",
        }
    }
}

/// Permission for an adult to see one part of one child's portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// The child.
    pub child: PersonId,
    /// The part.
    pub scope: PortalScope,
    /// The reason.
    pub ground: GrantGround,
    /// Whether it is valid today.
    pub holds: RoleValidity,
}

/// A restriction in force today: what someone may not see of a child, whatever their roles and grants say, by
/// a court order or the school's decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restriction {
    /// The child.
    pub child: PersonId,
    /// The parts of the portal. Office pages show something of every part, so any restriction blocks them.
    pub scopes: Vec<PortalScope>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_in_the_database_are_read_back() {
        for scope in PortalScope::ALL {
            assert_eq!(PortalScope::from_slug(scope.slug()), Some(scope));
            assert_eq!(serde_json::to_value(scope).unwrap(), scope.slug());
        }
        for ground in GrantGround::ALL {
            assert_eq!(GrantGround::from_slug(ground.slug()), Some(ground));
        }
    }
}
