//! What guardians see of children, and what nobody gives them.

use serde::{Deserialize, Serialize};

use super::role::Holds;
use crate::ids::PersonId;

/// A part of a child's portal, which is granted and restricted on its own.
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
    /// Work that is set, and what was handed in.
    Assignments,
    /// Invoices and payments.
    Fees,
    /// Addresses and phone numbers: the child's own and those of their other contacts.
    Contacts,
    /// Messages of the school about the child.
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

    /// The word in the database.
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
}

/// Why an adult was given access to a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantGround {
    /// They have parental responsibility.
    ParentalResponsibility,
    /// They are related to the child, and the school gives access to such relations.
    Relation,
    /// Somebody who may consent did.
    Consent,
    /// A court ordered it.
    Order,
}

impl GrantGround {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::ParentalResponsibility, Self::Relation, Self::Consent, Self::Order];

    /// The word in the database.
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
}

/// One part of one child's portal that an adult may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// Whose.
    pub child: PersonId,
    /// Which part.
    pub scope: PortalScope,
    /// Why.
    pub ground: GrantGround,
    /// Whether it holds today.
    pub holds: Holds,
}

/// What somebody may not see of a child, whatever their roles and grants say: a court's order, or the school's own word. It
/// is in force today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restriction {
    /// About whom.
    pub child: PersonId,
    /// Which parts of the portal. The office's pages hold something of every part, so any restriction closes them.
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
