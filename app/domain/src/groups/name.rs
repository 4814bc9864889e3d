//! The names of groups and courses.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::roll::name::tidy;

/// Characters a name can have.
const LONGEST: usize = 80;

/// The name of a teaching group, or of a course: 1 to 80 characters on one line. Two open groups of a school and year have
/// different names, whatever the case of their letters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GroupName(String);

/// An invalid name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GroupNameError {
    /// It is empty.
    #[error("Enter a name.")]
    Empty,
    /// More than 80 characters.
    #[error("Use at most 80 characters.")]
    TooLong,
}

impl FromStr for GroupName {
    type Err = GroupNameError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = tidy(text);
        match name.chars().count() {
            0 => Err(GroupNameError::Empty),
            1..=LONGEST => Ok(Self(name)),
            _ => Err(GroupNameError::TooLong),
        }
    }
}

impl TryFrom<String> for GroupName {
    type Error = GroupNameError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<GroupName> for String {
    fn from(name: GroupName) -> Self {
        name.0
    }
}

impl fmt::Display for GroupName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl GroupName {
    /// The name as shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Characters a code can have.
const LONGEST_CODE: usize = 20;

/// The code of a course, as timetables and files write it: 1 to 20 characters on one line.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CourseCode(String);

/// An invalid code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CourseCodeError {
    /// It is empty.
    #[error("Enter a code, such as MA1.")]
    Empty,
    /// More than 20 characters.
    #[error("Use at most 20 characters.")]
    TooLong,
}

impl FromStr for CourseCode {
    type Err = CourseCodeError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let code = tidy(text);
        match code.chars().count() {
            0 => Err(CourseCodeError::Empty),
            1..=LONGEST_CODE => Ok(Self(code)),
            _ => Err(CourseCodeError::TooLong),
        }
    }
}

impl CourseCode {
    /// The code as shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_tidy_line() {
        assert_eq!("  12A \n Maths ".parse::<GroupName>().unwrap().as_str(), "12A Maths");
        assert_eq!(" \t".parse::<GroupName>(), Err(GroupNameError::Empty));
        assert_eq!("x".repeat(81).parse::<GroupName>(), Err(GroupNameError::TooLong));
        assert_eq!(" MA1 ".parse::<CourseCode>().unwrap().as_str(), "MA1");
        assert_eq!("".parse::<CourseCode>(), Err(CourseCodeError::Empty));
        assert_eq!("x".repeat(21).parse::<CourseCode>(), Err(CourseCodeError::TooLong));
    }
}
