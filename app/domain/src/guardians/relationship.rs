//! What an adult is to a child. A relationship only proposes: it never opens anything by itself.

use serde::{Deserialize, Serialize};

/// What an adult is to a child, one for each pair: someone can be the mother of one child and the aunt of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relationship {
    /// Mother.
    Mother,
    /// Father.
    Father,
    /// A parent, where nobody said which.
    Parent,
    /// A parent's partner.
    StepParent,
    /// A guardian appointed by a court or by a parent.
    Guardian,
    /// A foster carer.
    FosterCarer,
    /// Anyone else who cares for the child.
    Carer,
    /// A grandparent.
    Grandparent,
    /// A brother or sister who is an adult.
    Sibling,
    /// Another relative, such as an aunt.
    Relative,
    /// A social worker.
    SocialWorker,
    /// An authority or home that is the guardian of looked-after children.
    Organisation,
    /// A childminder.
    Childminder,
    /// A neighbour.
    Neighbour,
    /// A friend of the family.
    Friend,
    /// A doctor.
    Doctor,
    /// Someone who helps the child at school.
    Aide,
    /// Called when something happens, and nothing else is known.
    EmergencyContact,
    /// A word that Greencap does not know, or none.
    Other,
}

impl Relationship {
    /// All of them, in the order that pages offer them.
    pub const ALL: [Self; 19] = [
        Self::Mother,
        Self::Father,
        Self::Parent,
        Self::StepParent,
        Self::Guardian,
        Self::FosterCarer,
        Self::Carer,
        Self::Grandparent,
        Self::Sibling,
        Self::Relative,
        Self::SocialWorker,
        Self::Organisation,
        Self::Childminder,
        Self::Neighbour,
        Self::Friend,
        Self::Doctor,
        Self::Aide,
        Self::EmergencyContact,
        Self::Other,
    ];

    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Mother => "mother",
            Self::Father => "father",
            Self::Parent => "parent",
            Self::StepParent => "step_parent",
            Self::Guardian => "guardian",
            Self::FosterCarer => "foster_carer",
            Self::Carer => "carer",
            Self::Grandparent => "grandparent",
            Self::Sibling => "sibling",
            Self::Relative => "relative",
            Self::SocialWorker => "social_worker",
            Self::Organisation => "organisation",
            Self::Childminder => "childminder",
            Self::Neighbour => "neighbour",
            Self::Friend => "friend",
            Self::Doctor => "doctor",
            Self::Aide => "aide",
            Self::EmergencyContact => "emergency_contact",
            Self::Other => "other",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|relationship| relationship.slug() == slug)
    }

    /// The text on pages of the office.
    pub fn label(self) -> &'static str {
        match self {
            Self::Mother => "Mother",
            Self::Father => "Father",
            Self::Parent => "Parent",
            Self::StepParent => "Step-parent",
            Self::Guardian => "Guardian",
            Self::FosterCarer => "Foster carer",
            Self::Carer => "Carer",
            Self::Grandparent => "Grandparent",
            Self::Sibling => "Sibling",
            Self::Relative => "Relative",
            Self::SocialWorker => "Social worker",
            Self::Organisation => "Organisation",
            Self::Childminder => "Childminder",
            Self::Neighbour => "Neighbour",
            Self::Friend => "Friend",
            Self::Doctor => "Doctor",
            Self::Aide => "Aide",
            Self::EmergencyContact => "Emergency contact",
            Self::Other => "Other",
        }
    }

    /// Whether adults like this can have access to a child at all. The others are contacts only: no bulk action ever
    /// gives them an account, and a person has to give each grant by hand.
    pub fn can_be_guardian(self) -> bool {
        !matches!(
            self,
            Self::Organisation
                | Self::Childminder
                | Self::Neighbour
                | Self::Friend
                | Self::Doctor
                | Self::Aide
                | Self::EmergencyContact
                | Self::Other
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_in_the_database_are_read_back() {
        for relationship in Relationship::ALL {
            assert_eq!(Relationship::from_slug(relationship.slug()), Some(relationship));
            assert_eq!(serde_json::to_value(relationship).unwrap(), relationship.slug());
        }
    }
}
