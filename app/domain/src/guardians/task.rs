//! What the office is asked to look at.

use chrono::NaiveDate;
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
                "On that day the access of guardians ends, unless the student lets them keep it."
            }
            Self::KnownElsewhere => {
                "A school added a contact who has a record at another school. Somebody who reaches both schools attaches the student to that record."
            }
        }
    }
}

/// What else a task says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskDetails {
    /// The day it is about, if there is one.
    pub day: Option<NaiveDate>,
    /// Whom messages told that a student comes of age.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_age: Option<OfAgeNotice>,
}

/// Whom messages told that a student comes of age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfAgeNotice {
    /// Whether the student was told.
    pub student: bool,
    /// How many adults who see the student were told.
    pub adults: u32,
    /// How many of them have no account in use, or no email address.
    pub adults_untold: u32,
}

impl OfAgeNotice {
    /// What the office has to know, and do: nobody loses access without notice.
    pub fn sentence(self) -> String {
        let adults = match self.adults {
            0 => String::new(),
            1 => "1 adult was told by email. ".to_owned(),
            many => format!("{many} adults were told by email. "),
        };
        let untold = match self.adults_untold {
            0 => String::new(),
            1 => " Tell 1 adult yourself: they have no account in use, or no email address.".to_owned(),
            many => {
                format!(" Tell {many} adults yourself: they have no account in use, or no email address.")
            }
        };
        let student = if self.student {
            "The student was told by email, and can choose in the portal."
        } else {
            "The student has no account in use, or no email address: tell them, and give them an account to choose with."
        };
        format!("{adults}{student}{untold}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_says_whom_no_message_reached() {
        let all = OfAgeNotice { student: true, adults: 2, adults_untold: 0 };
        assert_eq!(
            all.sentence(),
            "2 adults were told by email. The student was told by email, and can choose in the portal."
        );
        let nobody = OfAgeNotice { student: false, adults: 0, adults_untold: 1 }.sentence();
        assert!(
            nobody.contains("give them an account") && nobody.contains("Tell 1 adult yourself"),
            "{nobody}"
        );
        // As tasks were stored before.
        let stored: TaskDetails = serde_json::from_str(r#"{"day":"2027-03-03"}"#).unwrap();
        assert_eq!((stored.day.is_some(), stored.of_age), (true, None));
    }

    #[test]
    fn the_words_in_the_database_are_read_back() {
        for kind in TaskKind::ALL {
            assert_eq!(TaskKind::from_slug(kind.slug()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.slug());
        }
    }
}
