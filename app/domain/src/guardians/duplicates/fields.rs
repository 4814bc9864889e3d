//! The values of which a merge keeps one.

use serde::{Deserialize, Serialize};

/// A value that both people can have, and one can keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MergeField {
    /// Mr, Dr.
    Title,
    /// The given name.
    GivenName,
    /// The middle name.
    MiddleName,
    /// The family name.
    FamilyName,
    /// The name they go by.
    PreferredName,
    /// The date of birth.
    BornOn,
    /// The language of messages.
    Language,
    /// The primary email address. That of a login stays with the login.
    Email,
    /// The primary phone number.
    Phone,
    /// The postal address.
    Home,
}

impl MergeField {
    /// All of them, in the order of pages.
    pub const ALL: [Self; 10] = [
        Self::Title,
        Self::GivenName,
        Self::MiddleName,
        Self::FamilyName,
        Self::PreferredName,
        Self::BornOn,
        Self::Language,
        Self::Email,
        Self::Phone,
        Self::Home,
    ];

    /// The name in forms and in the ledger.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::GivenName => "given_name",
            Self::MiddleName => "middle_name",
            Self::FamilyName => "family_name",
            Self::PreferredName => "preferred_name",
            Self::BornOn => "born_on",
            Self::Language => "language",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Home => "home",
        }
    }

    /// The text on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Title => "Title",
            Self::GivenName => "Given name",
            Self::MiddleName => "Middle name",
            Self::FamilyName => "Family name",
            Self::PreferredName => "Preferred name",
            Self::BornOn => "Date of birth",
            Self::Language => "Language of messages",
            Self::Email => "Primary email address",
            Self::Phone => "Primary phone number",
            Self::Home => "Postal address",
        }
    }
}
