//! The days on which an account can be used.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::when::long_day;

/// The first and the last day of an account, as staff chose them; both days included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidDays {
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

/// Days that cannot be an account's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("The last day is before the first. Enter a last day that is the first day or later.")]
pub struct ValidDaysError;

impl ValidDays {
    /// The days, in order.
    pub fn new(from: Option<NaiveDate>, until: Option<NaiveDate>) -> Result<Self, ValidDaysError> {
        match (from, until) {
            (Some(from), Some(until)) if until < from => Err(ValidDaysError),
            (from, until) => Ok(Self { from, until }),
        }
    }

    /// The first day; `None` for no limit.
    pub fn first(self) -> Option<NaiveDate> {
        self.from
    }

    /// The last day; `None` for no limit.
    pub fn last(self) -> Option<NaiveDate> {
        self.until
    }

    /// Whether the account can be used on a day.
    pub fn cover(self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// The days in words; empty without any.
    pub fn in_words(self) -> String {
        match (self.from, self.until) {
            (Some(from), Some(until)) => format!("From {} to {}", long_day(from), long_day(until)),
            (Some(from), None) => format!("From {}", long_day(from)),
            (None, Some(until)) => format!("Until {}", long_day(until)),
            (None, None) => String::new(),
        }
    }
}

/// What holds for an account, in a sentence. `opens_on` is the day that the roll lets it wait for.
pub fn sentence(chosen: ValidDays, opens_on: Option<NaiveDate>, is_valid: bool) -> String {
    let days = chosen.in_words();
    let today = if is_valid { "It can be used today." } else { "It cannot be used today." };
    match opens_on {
        Some(day) => {
            let waits = format!("It opens on {}, before their first day on roll.", long_day(day));
            [days, waits].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(". ")
        }
        None if days.is_empty() => "No limit. It can be used on every day.".to_owned(),
        None => format!("{days}. {today}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_days_count_and_stand_in_order() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 9, day);
        let days = ValidDays::new(day(2), day(4)).unwrap();
        let covered: Vec<u32> = (1..=5).filter(|d| day(*d).is_some_and(|d| days.cover(d))).collect();
        assert_eq!(covered, [2, 3, 4]);
        assert_eq!(ValidDays::new(day(4), day(2)), Err(ValidDaysError));
        assert!(ValidDays::default().cover(day(1).unwrap()));
    }
}
