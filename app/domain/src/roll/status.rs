//! Roll status: derived from an enrolment for a given day, never stored.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A student's status on a school's roll on a given day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RollStatus {
    /// On roll.
    Current,
    /// The last day has passed.
    Leaver,
    /// The first day is in the future.
    Future,
}

impl RollStatus {
    /// All, in the order pages offer them.
    pub const ALL: [Self; 3] = [Self::Current, Self::Leaver, Self::Future];

    /// The status on `day` of an enrolment from `starts_on` to `ends_on`, both included.
    pub fn on(day: NaiveDate, starts_on: NaiveDate, ends_on: Option<NaiveDate>) -> Self {
        if ends_on.is_some_and(|last| last < day) {
            Self::Leaver
        } else if starts_on > day {
            Self::Future
        } else {
            Self::Current
        }
    }

    /// The text on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Current => "Current",
            Self::Leaver => "Leaver",
            Self::Future => "Future",
        }
    }

    /// The name in web addresses and on the command line.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Leaver => "leaver",
            Self::Future => "future",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.slug() == slug)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 9, d).unwrap()
    }

    #[test]
    fn first_and_last_day_count_as_on_roll() {
        assert_eq!(RollStatus::on(day(1), day(1), Some(day(3))), RollStatus::Current);
        assert_eq!(RollStatus::on(day(3), day(1), Some(day(3))), RollStatus::Current);
        assert_eq!(RollStatus::on(day(4), day(1), Some(day(3))), RollStatus::Leaver);
        assert_eq!(RollStatus::on(day(1), day(2), None), RollStatus::Future);
    }

    #[test]
    fn an_enrolment_that_ended_before_it_began_is_a_leaver() {
        assert_eq!(RollStatus::on(day(5), day(20), Some(day(4))), RollStatus::Leaver);
    }
}
