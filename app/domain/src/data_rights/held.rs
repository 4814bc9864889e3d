//! What is held on a person, by kind.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::PersonId;

/// What becomes of a kind of data when its person is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "what", content = "because")]
pub enum Fate {
    /// It is deleted.
    Deleted,
    /// A row stays, without what it said: what stays is this.
    Emptied(&'static str),
    /// It stays, for this reason.
    Stays(&'static str),
}

impl Fate {
    /// As a sentence on pages.
    pub fn sentence(self) -> String {
        match self {
            Self::Deleted => "Deleted.".to_owned(),
            Self::Emptied(rest) => format!("Emptied. What stays: {rest}."),
            Self::Stays(why) => format!("Stays: {why}."),
        }
    }

    /// The word in the answers of commands.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::Emptied(_) => "emptied",
            Self::Stays(_) => "stays",
        }
    }
}

/// How much of a kind of data is held on a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldCount {
    /// The table.
    pub table: &'static str,
    /// What it is called on pages.
    pub heading: &'static str,
    /// How many rows.
    pub rows: usize,
    /// What an erasure does to them.
    pub fate: Fate,
    /// Whether rows can tell something about other people too.
    pub mentions_others: bool,
}

/// What was erased of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErasedWhat {
    /// Everything that is held on them.
    Person,
    /// What their account held.
    Account,
}

impl ErasedWhat {
    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Account => "account",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        [Self::Person, Self::Account].into_iter().find(|what| what.slug() == slug)
    }

    /// The text on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Person => "Everything",
            Self::Account => "What the account held",
        }
    }
}

/// Somebody whose data was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedPerson {
    /// The erasure.
    pub id: uuid::Uuid,
    /// Who; their record has no name any more.
    pub person: PersonId,
    /// What was erased.
    pub what: ErasedWhat,
    /// The username that stays theirs; empty if they never had an account.
    pub username: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The name of the person who asked, if they have one still; `None` for the command line and the night.
    pub by: Option<String>,
    /// How many rows were deleted or emptied.
    pub rows: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_becomes_of_data_is_a_sentence() {
        assert_eq!(Fate::Deleted.sentence(), "Deleted.");
        assert_eq!(Fate::Emptied("the username").sentence(), "Emptied. What stays: the username.");
        assert_eq!(Fate::Stays("it is the law").sentence(), "Stays: it is the law.");
    }
}
