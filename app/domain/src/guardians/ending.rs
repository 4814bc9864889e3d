//! Why an adult is no longer a child's contact.

use serde::{Deserialize, Serialize};

/// What brought a contact to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndedFor {
    /// The office ended it.
    Office,
    /// The adult said that the child is not theirs.
    NotMyChild,
    /// A file no longer names it.
    Import,
    /// The adult was joined with another person, or the child linked to the person who has the account.
    Merge,
    /// What made it was undone.
    Undo,
}

impl EndedFor {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Office, Self::NotMyChild, Self::Import, Self::Merge, Self::Undo];

    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::NotMyChild => "not_my_child",
            Self::Import => "import",
            Self::Merge => "merge",
            Self::Undo => "undo",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ended| ended.slug() == slug)
    }
}

/// What the office says when it ends a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// They no longer are what they were to the child.
    NoLonger,
    /// They never were the child's contact.
    Mistake,
    /// The family asked for it.
    Request,
    /// A court ordered it.
    Order,
    /// The child was linked to the account that the adult has.
    Linked,
}

impl EndReason {
    /// Those that the office can choose.
    pub const CHOICES: [Self; 4] = [Self::NoLonger, Self::Mistake, Self::Request, Self::Order];

    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::NoLonger => "no_longer",
            Self::Mistake => "mistake",
            Self::Request => "request",
            Self::Order => "order",
            Self::Linked => "linked",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::CHOICES.into_iter().chain([Self::Linked]).find(|reason| reason.slug() == slug)
    }

    /// The text on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::NoLonger => "No longer a contact",
            Self::Mistake => "Entered by mistake",
            Self::Request => "The family asked for it",
            Self::Order => "A court order",
            Self::Linked => "Linked to another account",
        }
    }
}

/// How a contact ended, in words: "Ended by the office: a court order".
pub fn in_words(ended: EndedFor, reason: Option<EndReason>) -> String {
    match (ended, reason) {
        (EndedFor::Office, Some(reason)) => {
            let mut words = reason.label().chars();
            let first: String = words.next().into_iter().flat_map(char::to_lowercase).collect();
            format!("Ended by the office: {first}{}", words.as_str())
        }
        (EndedFor::Office, None) => "Ended by the office".to_owned(),
        (EndedFor::NotMyChild, _) => "They said that this is not their child".to_owned(),
        (EndedFor::Import, _) => "Ended by an import".to_owned(),
        (EndedFor::Merge, Some(EndReason::Linked)) => EndReason::Linked.label().to_owned(),
        (EndedFor::Merge, _) => "Merged with a duplicate".to_owned(),
        (EndedFor::Undo, _) => "What added it was undone".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_in_the_database_are_read_back() {
        for ended in EndedFor::ALL {
            assert_eq!(EndedFor::from_slug(ended.slug()), Some(ended));
        }
        for reason in EndReason::CHOICES {
            assert_eq!(EndReason::from_slug(reason.slug()), Some(reason));
        }
    }

    #[test]
    fn an_ending_says_who_and_why() {
        assert_eq!(in_words(EndedFor::Office, Some(EndReason::Order)), "Ended by the office: a court order");
        assert_eq!(in_words(EndedFor::Import, None), "Ended by an import");
    }
}
