//! Usernames.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The longest username, in characters. Below the 64 of an email address's local part (RFC 5321, 4.5.3.1.1).
pub const MAX_USERNAME: usize = 40;
/// The shortest username, in characters.
pub const MIN_USERNAME: usize = 2;

/// A username: 2 to 40 lower-case Latin letters, digits, dots, hyphens and underscores, starting and ending
/// with a letter or digit, without two symbols in a row. Unique in its organisation, permanently.
///
/// Every keyboard can type it, and every mail system accepts it before the `@`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Username(String);

/// Why a username is invalid, worded for the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UsernameError {
    /// Shorter than [`MIN_USERNAME`].
    #[error("Usernames must have at least {MIN_USERNAME} characters.")]
    TooShort,
    /// Longer than [`MAX_USERNAME`].
    #[error("Usernames can have at most {MAX_USERNAME} characters. Use a shorter one.")]
    TooLong,
    /// It contains a space.
    #[error("Usernames cannot contain a space. Use letters, numbers, dots or hyphens.")]
    Space,
    /// It contains a symbol or an accented letter.
    #[error("Usernames cannot contain \u{201c}{0}\u{201d}. Use plain letters, numbers, dots or hyphens.")]
    Character(char),
    /// It has a symbol at the start or end, or two in a row.
    #[error("Usernames must begin and end with a letter or number, and cannot have two symbols in a row.")]
    Signs,
}

impl FromStr for Username {
    type Err = UsernameError;

    fn from_str(text: &str) -> Result<Self, UsernameError> {
        // ASCII alone, as in SQL: Unicode would make a k of the Kelvin sign.
        let text = text.trim().to_ascii_lowercase();
        for c in text.chars() {
            match c {
                'a'..='z' | '0'..='9' | '.' | '-' | '_' => {}
                c if c.is_whitespace() => return Err(UsernameError::Space),
                c => return Err(UsernameError::Character(c)),
            }
        }
        if text.len() < MIN_USERNAME {
            return Err(UsernameError::TooShort);
        }
        if text.len() > MAX_USERNAME {
            return Err(UsernameError::TooLong);
        }
        let sign = |b: u8| !b.is_ascii_alphanumeric();
        let bytes = text.as_bytes();
        if sign(bytes[0])
            || sign(bytes[bytes.len() - 1])
            || bytes.windows(2).any(|pair| sign(pair[0]) && sign(pair[1]))
        {
            return Err(UsernameError::Signs);
        }
        Ok(Self(text))
    }
}

impl Username {
    /// Takes the output of a template's layout, which is always valid: pieces are lower-case letters and
    /// digits, separators are single and between pieces, and the length is within bounds.
    pub(super) fn from_layout(text: &str) -> Self {
        debug_assert!(text.parse::<Self>().is_ok(), "{text}");
        Self(text.to_owned())
    }

    /// The username as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Username {
    type Error = UsernameError;
    fn try_from(text: String) -> Result<Self, UsernameError> {
        text.parse()
    }
}

impl From<Username> for String {
    fn from(username: Username) -> Self {
        username.0
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_are_lowered_and_ends_trimmed() {
        assert_eq!(" A.Okoronta ".parse::<Username>().unwrap().as_str(), "a.okoronta");
    }

    #[test]
    fn each_wrong_username_is_told_what_to_do() {
        for (typed, why) in [
            ("a b", UsernameError::Space),
            ("zoë", UsernameError::Character('ë')),
            // The Kelvin sign is not a k.
            ("\u{212a}im", UsernameError::Character('\u{212a}')),
            ("x", UsernameError::TooShort),
            ("a..b", UsernameError::Signs),
            (".ab", UsernameError::Signs),
            (&"a".repeat(41), UsernameError::TooLong),
        ] {
            assert_eq!(typed.parse::<Username>().unwrap_err(), why, "{typed}");
        }
    }
}
