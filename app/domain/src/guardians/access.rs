//! Which parts of a child's portal an adult gets when nobody chooses them one by one.

use serde::{Deserialize, Serialize};

use super::contact::ContactFacts;
use super::relationship::Relationship;
use crate::authorization::grant::{GrantGround, PortalScope};

/// What adults get by default, by what is known of them. A school can change it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultAccess {
    /// With parental responsibility.
    pub responsible: Vec<PortalScope>,
    /// Parents of whom nobody has said whether they have parental responsibility.
    pub parents: Vec<PortalScope>,
    /// Other adults who care for the child, such as a grandparent.
    pub others: Vec<PortalScope>,
}

impl Default for DefaultAccess {
    /// Everything for those with parental responsibility and for parents, and nothing for others: in doubt a person
    /// decides.
    fn default() -> Self {
        let everything: Vec<PortalScope> =
            PortalScope::ALL.into_iter().filter(|scope| *scope != PortalScope::Contacts).collect();
        Self { responsible: everything.clone(), parents: everything, others: Vec::new() }
    }
}

/// A row of [`DefaultAccess`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessRow {
    /// [`DefaultAccess::responsible`].
    Responsible,
    /// [`DefaultAccess::parents`].
    Parents,
    /// [`DefaultAccess::others`].
    Others,
}

impl AccessRow {
    /// All of them, from the most to the least.
    pub const ALL: [Self; 3] = [Self::Responsible, Self::Parents, Self::Others];

    /// The name in forms.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Responsible => "responsible",
            Self::Parents => "parents",
            Self::Others => "others",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|row| row.slug() == slug)
    }

    /// Whom it is about, on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Responsible => "With parental responsibility",
            Self::Parents => "Parents, where nobody has said whether they have it",
            Self::Others => "Others who care for the child, such as grandparents",
        }
    }
}

/// Why somebody who became a contact was given nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotOpened {
    /// They are marked "no portal".
    NoPortal,
    /// A restriction is or will be in force, even if it closes some parts only: a person decides about the others.
    Restricted,
    /// Rights have passed to the student.
    OfAge,
    /// The school gives such adults nothing, or their days are over.
    ByDefault,
}

impl NotOpened {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::NoPortal, Self::Restricted, Self::OfAge, Self::ByDefault];

    /// The name in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::NoPortal => "no_portal",
            Self::Restricted => "restricted",
            Self::OfAge => "of_age",
            Self::ByDefault => "by_default",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.slug() == slug)
    }

    /// What the office is told.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NoPortal => {
                "Saved. They see nothing of the student, because the contact is marked \u{201c}No portal\u{201d}."
            }
            Self::Restricted => {
                "Saved. They see nothing of the student yet, because of a restriction. What it leaves open can be given under \u{201c}What they see\u{201d}."
            }
            Self::OfAge => {
                "Saved. They see nothing of the student, who is of age and decides who sees their portal."
            }
            Self::ByDefault => {
                "Saved. They see nothing of the student yet: the school gives such adults no access by default. Give it under \u{201c}What they see\u{201d}."
            }
        }
    }
}

/// What became of access when somebody became a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// How many parts of the child's portal were opened.
    pub parts: u64,
    /// Why none was.
    pub why: Option<NotOpened>,
}

impl From<NotOpened> for Opening {
    fn from(why: NotOpened) -> Self {
        Self { parts: 0, why: Some(why) }
    }
}

impl DefaultAccess {
    /// What a row says.
    pub fn row(&self, row: AccessRow) -> &[PortalScope] {
        match row {
            AccessRow::Responsible => &self.responsible,
            AccessRow::Parents => &self.parents,
            AccessRow::Others => &self.others,
        }
    }

    /// The same, to change.
    pub fn row_mut(&mut self, row: AccessRow) -> &mut Vec<PortalScope> {
        match row {
            AccessRow::Responsible => &mut self.responsible,
            AccessRow::Parents => &mut self.parents,
            AccessRow::Others => &mut self.others,
        }
    }

    /// What an adult gets, and on what ground. Nothing for those who cannot be guardians, and for those of whom somebody
    /// has said that they have no parental responsibility.
    pub fn of(&self, contact: &ContactFacts) -> Option<(GrantGround, &[PortalScope])> {
        if !contact.relationship.can_be_guardian() {
            return None;
        }
        let (ground, scopes) = match contact.parental_responsibility {
            Some(true) => (GrantGround::ParentalResponsibility, &self.responsible),
            None if contact.relationship.is_parent() => (GrantGround::Relation, &self.parents),
            Some(false) | None => (GrantGround::Relation, &self.others),
        };
        if scopes.is_empty() { None } else { Some((ground, scopes)) }
    }
}

impl Relationship {
    /// Whether it is a word for a parent or for a guardian by law.
    pub fn is_parent(self) -> bool {
        matches!(self, Self::Mother | Self::Father | Self::Parent | Self::Guardian)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(relationship: Relationship, parental_responsibility: Option<bool>) -> ContactFacts {
        ContactFacts {
            relationship,
            relationship_said: String::new(),
            functions: Vec::new(),
            priority: None,
            parental_responsibility,
            lives_with: None,
            no_portal: false,
            starts_on: "2026-09-01".parse().unwrap(),
            ends_on: None,
        }
    }

    #[test]
    fn a_neighbour_gets_nothing_even_if_a_file_says_they_are_responsible() {
        assert_eq!(DefaultAccess::default().of(&contact(Relationship::Neighbour, Some(true))), None);
    }

    #[test]
    fn only_the_responsible_and_parents_get_access_unless_the_school_says_more() {
        let usual = DefaultAccess::default();
        let ground = |of: &ContactFacts| usual.of(of).map(|(ground, _)| ground);
        assert_eq!(
            ground(&contact(Relationship::Grandparent, Some(true))),
            Some(GrantGround::ParentalResponsibility)
        );
        assert_eq!(ground(&contact(Relationship::Mother, None)), Some(GrantGround::Relation));
        assert_eq!(ground(&contact(Relationship::Mother, Some(false))), None);
        assert_eq!(ground(&contact(Relationship::Grandparent, None)), None);
    }
}
