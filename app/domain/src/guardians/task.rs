//! What the office is asked to look at.

use serde::{Deserialize, Serialize};

/// A kind of task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Somebody said that a child is not theirs.
    NotMyChild,
    /// A restriction is due for review.
    RestrictionReview,
    /// A student comes of age soon.
    ComingOfAge,
    /// An adult is to be attached to a student of a school whose office does not reach them.
    KnownElsewhere,
}

impl TaskKind {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::NotMyChild, Self::RestrictionReview, Self::ComingOfAge, Self::KnownElsewhere];

    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::NotMyChild => "not_my_child",
            Self::RestrictionReview => "restriction_review",
            Self::ComingOfAge => "coming_of_age",
            Self::KnownElsewhere => "known_elsewhere",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug)
    }

    /// What happened, on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::NotMyChild => "\u{201c}This is not my child\u{201d}",
            Self::RestrictionReview => "Restriction to review",
            Self::ComingOfAge => "Comes of age soon",
            Self::KnownElsewhere => "Known at another school",
        }
    }

    /// What to do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::NotMyChild => {
                "Their access has stopped. Find out whose child it is. If the two do belong together, give the access back."
            }
            Self::RestrictionReview => {
                "Check whether the restriction still applies, and enter the next review date. Lifting it takes a second person."
            }
            Self::ComingOfAge => {
                "On that day the access of guardians ends, unless the student lets them keep it. The student has been told."
            }
            Self::KnownElsewhere => {
                "A school added a contact who has a record at another school. Somebody who reaches both schools attaches the student to that record."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_in_the_database_are_read_back() {
        for kind in TaskKind::ALL {
            assert_eq!(TaskKind::from_slug(kind.slug()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.slug());
        }
    }
}
