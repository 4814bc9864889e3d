//! What the office answers about two people.

use serde::{Deserialize, Serialize};

/// How many days a pair rests after "Ask later".
pub const LATER_DAYS: i64 = 30;

/// What became of a likely duplicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PairState {
    /// Nobody has answered.
    Open,
    /// They are two people. Asked again only if something strong is new.
    TwoPeople,
    /// To be asked again after [`LATER_DAYS`] days.
    Later,
    /// They were merged.
    Merged,
}

impl PairState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Open, Self::TwoPeople, Self::Later, Self::Merged];

    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::TwoPeople => "two_people",
            Self::Later => "later",
            Self::Merged => "merged",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.slug() == slug)
    }
}
