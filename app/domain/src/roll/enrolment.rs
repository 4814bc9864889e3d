//! What a school records about a student's enrolment.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::fold::line;
use crate::imports::MAX_KEY;

/// The longest admission number or group name, in characters. Longer values mean that a column was mapped
/// wrongly.
pub const MAX_LABEL: usize = 40;

/// A student's number at a school. Text, because leading zeros count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AdmissionNumber(String);

/// Why an admission number is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AdmissionNumberError {
    /// It is empty.
    #[error("Enter an admission number.")]
    Missing,
    /// It is longer than [`MAX_KEY`] characters.
    #[error("The admission number is longer than {MAX_KEY} characters. Check you chose the right column.")]
    TooLong,
}

impl FromStr for AdmissionNumber {
    type Err = AdmissionNumberError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = line(text);
        match text.chars().count() {
            0 => Err(AdmissionNumberError::Missing),
            1..=MAX_KEY => Ok(Self(text)),
            _ => Err(AdmissionNumberError::TooLong),
        }
    }
}

impl TryFrom<String> for AdmissionNumber {
    type Error = AdmissionNumberError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<AdmissionNumber> for String {
    fn from(number: AdmissionNumber) -> Self {
        number.0
    }
}

impl AdmissionNumber {
    /// The number as the school writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AdmissionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A year group or registration group as the school writes it; may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GroupName(String);

/// An invalid group name: longer than [`MAX_LABEL`] characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("This group name is longer than {MAX_LABEL} characters. Check you chose the right column.")]
pub struct GroupNameError;

impl FromStr for GroupName {
    type Err = GroupNameError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = line(text);
        if text.chars().count() > MAX_LABEL { Err(GroupNameError) } else { Ok(Self(text)) }
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

impl GroupName {
    /// The name as the school writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A year group in words: "Year 10" for "10" and for "Year 10", "Reception" for "Reception".
pub fn year_in_words(year: &str) -> String {
    // Names begin with a letter and go on with more; "Y10", "10B" and "N1" are short for a year.
    let is_name = year.chars().take_while(|c| c.is_alphabetic()).count() > 1;
    if is_name { year.to_owned() } else { format!("Year {year}") }
}

/// A year group beside the label "Year": "10" for "10" and for "Year 10".
pub fn year_beside_label(year: &str) -> &str {
    let rest =
        year.get(..5).filter(|start| start.eq_ignore_ascii_case("year ")).map(|_| year[5..].trim_start());
    rest.filter(|rest| !rest.is_empty()).unwrap_or(year)
}

impl AsRef<str> for GroupName {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_zeros_stay_and_spaces_around_go() {
        assert_eq!(" 004512\u{a0}".parse::<AdmissionNumber>().unwrap().as_str(), "004512");
        assert_eq!("  ".parse::<AdmissionNumber>(), Err(AdmissionNumberError::Missing));
        assert!("x".repeat(255).parse::<AdmissionNumber>().is_ok());
        assert_eq!("x".repeat(256).parse::<AdmissionNumber>(), Err(AdmissionNumberError::TooLong));
    }

    #[test]
    fn a_year_group_is_called_a_year_once() {
        for (year, words) in [
            ("10", "Year 10"),
            ("Year 10", "Year 10"),
            ("year 10", "year 10"),
            ("Yr 10", "Yr 10"),
            ("Reception", "Reception"),
            ("Grade 4", "Grade 4"),
            ("Nursery 2", "Nursery 2"),
            ("R", "Year R"),
        ] {
            assert_eq!(year_in_words(year), words);
        }
        assert_eq!((year_beside_label("Year 10"), year_beside_label("10")), ("10", "10"));
        assert_eq!((year_beside_label("Reception"), year_beside_label("Year ")), ("Reception", "Year "));
    }

    #[test]
    fn an_empty_group_is_a_group_and_a_paragraph_is_not() {
        assert_eq!("".parse::<GroupName>().unwrap(), GroupName::default());
        assert!("7A ".repeat(20).parse::<GroupName>().is_err());
    }
}
