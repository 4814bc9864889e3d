//! What speaks for and against two people being one, in points and in words.

use serde::{Deserialize, Serialize};

/// One finding about two people. Those without points are rules over the points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Another system has one identifier for both.
    SameKey,
    /// The same email address, which nobody else uses.
    SameEmail,
    /// The same mobile number, which nobody else uses.
    SameMobile,
    /// The same date of birth.
    SameBirthDate,
    /// Contacts of the same child.
    ChildInCommon,
    /// The given name of each is the family name of the other.
    SwappedNames,
    /// The same given name.
    SameGiven,
    /// Forms or spellings of one given name.
    GivenVariant,
    /// One given name is an initial of the other.
    GivenInitial,
    /// The same family name, which few adults have.
    RareFamily,
    /// The same family name.
    SameFamily,
    /// Spellings of one family name.
    FamilyVariant,
    /// One family name is a part of the other, a double name.
    FamilyPart,
    /// The same landline, which nobody else uses.
    SameLandline,
    /// The same postal address.
    SameHome,
    /// The same email address, which people of other given names or an office use too.
    SharedEmail,
    /// The same mobile number, used by others too.
    SharedMobile,
    /// The same landline, used by others too.
    SharedLandline,
    /// Other family names: people marry.
    OtherFamily,
    /// Other given names.
    OtherGiven,
    /// Titles of a woman and of a man.
    OtherTitle,
    /// Junior and senior.
    OtherGeneration,
    /// First and second guardian of one row of a file.
    OneRow,
    /// Other dates of birth.
    OtherBirthDate,
    /// One of the names is that of a couple.
    Couple,
    /// One of them works at a school.
    Colleague,
    /// One of them is a student today.
    Student,
}

impl Evidence {
    /// All of it, in the order of pages.
    pub const ALL: [Self; 27] = [
        Self::SameKey,
        Self::SameEmail,
        Self::SameMobile,
        Self::SameBirthDate,
        Self::ChildInCommon,
        Self::SwappedNames,
        Self::SameGiven,
        Self::GivenVariant,
        Self::GivenInitial,
        Self::RareFamily,
        Self::SameFamily,
        Self::FamilyVariant,
        Self::FamilyPart,
        Self::SameLandline,
        Self::SameHome,
        Self::SharedEmail,
        Self::SharedMobile,
        Self::SharedLandline,
        Self::OtherFamily,
        Self::OtherGiven,
        Self::OtherTitle,
        Self::OtherGeneration,
        Self::OneRow,
        Self::OtherBirthDate,
        Self::Couple,
        Self::Colleague,
        Self::Student,
    ];

    /// How much it counts.
    pub fn points(self) -> i16 {
        match self {
            Self::SameEmail | Self::SameBirthDate | Self::RareFamily => 6,
            Self::SameMobile | Self::SwappedNames => 5,
            Self::ChildInCommon | Self::SameFamily => 4,
            Self::SameGiven | Self::FamilyVariant => 3,
            Self::GivenVariant
            | Self::FamilyPart
            | Self::SameLandline
            | Self::SameHome
            | Self::SharedEmail => 2,
            Self::GivenInitial | Self::SharedMobile | Self::SharedLandline => 1,
            Self::SameKey | Self::Couple | Self::Colleague | Self::Student => 0,
            Self::OtherFamily => -3,
            Self::OtherTitle => -4,
            Self::OtherGiven | Self::OtherGeneration => -6,
            Self::OneRow => -10,
            Self::OtherBirthDate => -12,
        }
    }

    /// Whether two people share something besides their names.
    pub fn is_beyond_names(self) -> bool {
        matches!(
            self,
            Self::SameKey
                | Self::SameEmail
                | Self::SameMobile
                | Self::SameBirthDate
                | Self::ChildInCommon
                | Self::SameLandline
                | Self::SameHome
                | Self::SharedEmail
                | Self::SharedMobile
                | Self::SharedLandline
        )
    }

    /// Whether it is worth asking again about people who were said to be two, if it was not known then.
    pub fn is_strong(self) -> bool {
        matches!(
            self,
            Self::SameKey | Self::SameEmail | Self::SameMobile | Self::SameBirthDate | Self::ChildInCommon
        )
    }

    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::SameKey => "same_key",
            Self::SameEmail => "same_email",
            Self::SameMobile => "same_mobile",
            Self::SameBirthDate => "same_birth_date",
            Self::ChildInCommon => "child_in_common",
            Self::SwappedNames => "swapped_names",
            Self::SameGiven => "same_given",
            Self::GivenVariant => "given_variant",
            Self::GivenInitial => "given_initial",
            Self::RareFamily => "rare_family",
            Self::SameFamily => "same_family",
            Self::FamilyVariant => "family_variant",
            Self::FamilyPart => "family_part",
            Self::SameLandline => "same_landline",
            Self::SameHome => "same_home",
            Self::SharedEmail => "shared_email",
            Self::SharedMobile => "shared_mobile",
            Self::SharedLandline => "shared_landline",
            Self::OtherFamily => "other_family",
            Self::OtherGiven => "other_given",
            Self::OtherTitle => "other_title",
            Self::OtherGeneration => "other_generation",
            Self::OneRow => "one_row",
            Self::OtherBirthDate => "other_birth_date",
            Self::Couple => "couple",
            Self::Colleague => "colleague",
            Self::Student => "student",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|evidence| evidence.slug() == slug)
    }

    /// The reason on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::SameKey => "Another system has one identifier for both",
            Self::SameEmail => "Same email address",
            Self::SameMobile => "Same mobile number",
            Self::SameBirthDate => "Same date of birth",
            Self::ChildInCommon => "Contacts of the same child",
            Self::SwappedNames => "Given and family name swapped",
            Self::SameGiven => "Same given name",
            Self::GivenVariant => "Forms of one given name",
            Self::GivenInitial => "Given name fits the initial",
            Self::RareFamily => "Same family name, which few people have",
            Self::SameFamily => "Same family name",
            Self::FamilyVariant => "Similar family names",
            Self::FamilyPart => "One family name is part of the other",
            Self::SameLandline => "Same landline",
            Self::SameHome => "Same postal address",
            Self::SharedEmail => "Same email address, which others use too",
            Self::SharedMobile => "Same mobile number, which others use too",
            Self::SharedLandline => "Same landline, which others use too",
            Self::OtherFamily => "Different family names",
            Self::OtherGiven => "Different given names",
            Self::OtherTitle => "Titles of a woman and of a man",
            Self::OtherGeneration => "Junior and senior",
            Self::OneRow => "First and second guardian in one row of a file",
            Self::OtherBirthDate => "Different dates of birth",
            Self::Couple => "One name is that of a couple",
            Self::Colleague => "One of them works at a school",
            Self::Student => "One of them is a student today",
        }
    }
}
