//! What becomes of one row of a file.

use serde::{Deserialize, Serialize};

/// The five outcomes, as logs and `--json` write them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Something new.
    Added,
    /// Something that is there already, whose details change.
    Updated,
    /// Nothing to change.
    Unchanged,
    /// Left alone for a reason that is no mistake, such as a row that stands twice in the file.
    Skipped,
    /// Something is wrong with the row.
    Rejected,
}

impl Outcome {
    /// All, in the order of the log's summary.
    pub const ALL: [Self; 5] = [Self::Added, Self::Updated, Self::Unchanged, Self::Skipped, Self::Rejected];

    /// The word in logs and in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Skipped => "skipped",
            Self::Rejected => "rejected",
        }
    }

    /// The word on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Added => "Added",
            Self::Updated => "Updated",
            Self::Unchanged => "No change",
            Self::Skipped => "Skipped",
            Self::Rejected => "Rejected",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.slug() == slug)
    }
}
