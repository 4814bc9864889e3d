//! Staff codes.

use std::str::FromStr;

use thiserror::Error;

use crate::fold::line;
use crate::imports::MAX_KEY;

/// A school's code for a staff member: one line of at most 40 characters. Leading zeros count.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StaffCode(String);

/// Why a staff code is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StaffCodeError {
    /// It is empty.
    #[error("There is no staff code. Enter the code that identifies this member of staff.")]
    Missing,
    /// It is longer than [`MAX_KEY`] characters.
    #[error("The staff code is longer than {MAX_KEY} characters. Check that you chose the right column.")]
    TooLong,
}

impl FromStr for StaffCode {
    type Err = StaffCodeError;
    fn from_str(text: &str) -> Result<Self, StaffCodeError> {
        let text = line(text);
        match text.chars().count() {
            0 => Err(StaffCodeError::Missing),
            1..=MAX_KEY => Ok(Self(text)),
            _ => Err(StaffCodeError::TooLong),
        }
    }
}

impl StaffCode {
    /// The code as the school writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
