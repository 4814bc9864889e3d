//! Which facts of a contact a person entered by hand. A file does not overwrite them unless asked.

use super::contact::ContactFacts;

/// A fact of a contact, as named in `contacts.kept_fields`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ContactField {
    /// What the adult is to the child, with the words that somebody wrote.
    Relationship,
    /// What else they do for the child.
    Functions,
    /// Whom to call first.
    Priority,
    /// Parental responsibility.
    ParentalResponsibility,
    /// Whether the child lives with them.
    LivesWith,
    /// Whether they are never to get access by a bulk action.
    NoPortal,
    /// The first day.
    StartsOn,
    /// The last day.
    EndsOn,
}

impl ContactField {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Relationship,
        Self::Functions,
        Self::Priority,
        Self::ParentalResponsibility,
        Self::LivesWith,
        Self::NoPortal,
        Self::StartsOn,
        Self::EndsOn,
    ];

    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Relationship => "relationship",
            Self::Functions => "functions",
            Self::Priority => "priority",
            Self::ParentalResponsibility => "parental_responsibility",
            Self::LivesWith => "lives_with",
            Self::NoPortal => "no_portal",
            Self::StartsOn => "starts_on",
            Self::EndsOn => "ends_on",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.slug() == slug)
    }

    /// Whether two contacts agree in this fact.
    fn is_same(self, one: &ContactFacts, other: &ContactFacts) -> bool {
        match self {
            Self::Relationship => {
                one.relationship == other.relationship && one.relationship_said == other.relationship_said
            }
            Self::Functions => one.functions == other.functions,
            Self::Priority => one.priority == other.priority,
            Self::ParentalResponsibility => one.parental_responsibility == other.parental_responsibility,
            Self::LivesWith => one.lives_with == other.lives_with,
            Self::NoPortal => one.no_portal == other.no_portal,
            Self::StartsOn => one.starts_on == other.starts_on,
            Self::EndsOn => one.ends_on == other.ends_on,
        }
    }

    /// The facts that differ.
    pub fn changed(before: &ContactFacts, after: &ContactFacts) -> Vec<Self> {
        Self::ALL.into_iter().filter(|field| !field.is_same(before, after)).collect()
    }

    /// The facts that somebody who entered a contact by hand has said: not those that were left open.
    pub fn said(facts: &ContactFacts) -> Vec<Self> {
        let said = |field: &Self| match field {
            Self::Relationship => true,
            Self::Functions => !facts.functions.is_empty(),
            Self::Priority => facts.priority.is_some(),
            Self::ParentalResponsibility => facts.parental_responsibility.is_some(),
            Self::LivesWith => facts.lives_with.is_some(),
            Self::NoPortal => facts.no_portal,
            Self::StartsOn => false,
            Self::EndsOn => facts.ends_on.is_some(),
        };
        Self::ALL.into_iter().filter(said).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guardians::relationship::Relationship;

    fn aunt() -> ContactFacts {
        ContactFacts {
            relationship: Relationship::Relative,
            relationship_said: "Aunt".to_owned(),
            functions: Vec::new(),
            priority: None,
            parental_responsibility: None,
            lives_with: None,
            no_portal: false,
            starts_on: "2026-09-01".parse().unwrap(),
            ends_on: None,
        }
    }

    #[test]
    fn the_words_in_the_database_are_read_back() {
        for field in ContactField::ALL {
            assert_eq!(ContactField::from_slug(field.slug()), Some(field));
        }
    }

    #[test]
    fn only_what_differs_was_changed_by_hand() {
        let after = ContactFacts { lives_with: Some(true), no_portal: true, ..aunt() };
        assert_eq!(ContactField::changed(&aunt(), &after), [ContactField::LivesWith, ContactField::NoPortal]);
        assert_eq!(ContactField::changed(&aunt(), &aunt()), []);
    }

    #[test]
    fn what_was_left_open_was_not_said() {
        assert_eq!(ContactField::said(&aunt()), [ContactField::Relationship]);
    }
}
