//! How much may be taken out of Greencap, and from how much on administrators are told.

use std::str::FromStr;

use thiserror::Error;

/// A number of rows: 1 to [`Rows::MOST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rows(i32);

/// Why a number of rows was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Enter a whole number from 1 to 10 million, such as 5000.")]
pub struct RowsError;

impl Rows {
    /// More than any organisation has people.
    pub const MOST: i32 = 10_000_000;

    /// Whether there are more people than this.
    pub fn are_fewer_than(self, people: usize) -> bool {
        people as u64 > self.into()
    }
}

impl TryFrom<i32> for Rows {
    type Error = RowsError;

    fn try_from(rows: i32) -> Result<Self, RowsError> {
        if (1..=Self::MOST).contains(&rows) { Ok(Self(rows)) } else { Err(RowsError) }
    }
}

impl FromStr for Rows {
    type Err = RowsError;

    fn from_str(text: &str) -> Result<Self, RowsError> {
        text.trim().parse::<i32>().map_err(|_| RowsError)?.try_into()
    }
}

impl From<Rows> for i32 {
    fn from(rows: Rows) -> Self {
        rows.0
    }
}

impl From<Rows> for u64 {
    fn from(rows: Rows) -> Self {
        u64::from(rows.0.unsigned_abs())
    }
}

/// The limits of an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportLimits {
    /// How many rows of lists of people one person may take out in a day; [`usual`] where none is set.
    pub a_day: Option<Rows>,
    /// An export of more rows than this is told to administrators of all schools.
    pub alert_over: Rows,
    /// Lists of more people than this, and one-time codes for more, wait for a second person; none is required if it is
    /// not set.
    pub approval_over: Option<Rows>,
}

/// The limit of a day where none is set, for so many people: all of them five times over, and never so few that an
/// ordinary day of a small school could reach it.
pub fn usual(people: u64) -> u64 {
    people.saturating_mul(5).max(5000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_rows_is_typed_in_digits_and_is_at_least_one() {
        assert_eq!(" 500 ".parse(), Rows::try_from(500));
        for wrong in ["", "0", "-5", "10000001", "many", "1,000", "99999999999999"] {
            assert_eq!(wrong.parse::<Rows>(), Err(RowsError), "{wrong}");
        }
    }

    #[test]
    fn the_usual_day_takes_everybody_out_several_times() {
        assert_eq!((usual(0), usual(900), usual(100_000)), (5000, 5000, 500_000));
    }
}
