//! What a school records about a student's enrolment.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// The longest admission number or group name, in characters. Longer values mean that a column was mapped
/// wrongly.
pub const MAX_LABEL: usize = 40;

/// Normalises text to one printable line: trimmed, single spaces, Unicode NFC.
pub(crate) fn line(text: &str) -> String {
    let text: String = text.nfc().collect();
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

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
    /// It is longer than [`MAX_LABEL`] characters.
    #[error("The admission number is longer than {MAX_LABEL} characters. Check you chose the right column.")]
    TooLong,
}

impl FromStr for AdmissionNumber {
    type Err = AdmissionNumberError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = line(text);
        match text.chars().count() {
            0 => Err(AdmissionNumberError::Missing),
            1..=MAX_LABEL => Ok(Self(text)),
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
        assert_eq!("x".repeat(41).parse::<AdmissionNumber>(), Err(AdmissionNumberError::TooLong));
    }

    #[test]
    fn an_empty_group_is_a_group_and_a_paragraph_is_not() {
        assert_eq!("".parse::<GroupName>().unwrap(), GroupName::default());
        assert!("7A ".repeat(20).parse::<GroupName>().is_err());
    }
}
