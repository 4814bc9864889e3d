//! Delivery addresses. They are not identities: two people may share one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An email address that can receive mail over the internet.
///
/// Deliberately narrower than RFC 5322: no quoted local parts, no address literals, no host without a dot,
/// and an ASCII local part. Length limits are from RFC 5321, section 4.5.3.1.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// Why an email address is invalid, worded for the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EmailError {
    /// It has no `@`.
    #[error("Enter an email address with one @, such as name@school.example.")]
    NoAt,
    /// It has more than one `@`. Cells often hold lists of addresses.
    #[error("This is more than one email address. Keep the one that messages should go to.")]
    Several,
    /// It contains a space or control character.
    #[error("Email addresses cannot contain spaces. Remove the space.")]
    Space,
    /// Mail servers refuse the part before the `@`.
    #[error("The part before the @ is not valid. Check it for missing or double dots and unusual symbols.")]
    Local,
    /// The part after the `@` is not a domain.
    #[error("The part after the @ is not a domain, such as school.example. Check the spelling.")]
    Domain,
    /// It is longer than 254 characters.
    #[error("This email address is longer than 254 characters. Check you chose the right column.")]
    TooLong,
}

impl EmailError {
    /// All errors.
    pub const ALL: [Self; 6] =
        [Self::NoAt, Self::Several, Self::Space, Self::Local, Self::Domain, Self::TooLong];
}

impl FromStr for EmailAddress {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        if text.chars().any(char::is_control) {
            return Err(EmailError::Space);
        }
        if text.matches('@').count() > 1 {
            return Err(EmailError::Several);
        }
        if text.chars().any(char::is_whitespace) {
            return Err(EmailError::Space);
        }
        if text.len() > 254 {
            return Err(EmailError::TooLong);
        }
        let (local, domain) = text.split_once('@').ok_or(EmailError::NoAt)?;
        let atom = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
        };
        if local.len() > 64 || !local.split('.').all(atom) {
            return Err(EmailError::Local);
        }
        let label = |part: &str| {
            (1..=63).contains(&part.len())
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !part.starts_with('-')
                && !part.ends_with('-')
        };
        let labels: Vec<&str> = domain.split('.').collect();
        let top_is_a_word =
            labels.last().is_some_and(|top| top.len() >= 2 && !top.bytes().all(|b| b.is_ascii_digit()));
        if labels.len() < 2 || !labels.iter().all(|part| label(part)) || !top_is_a_word {
            return Err(EmailError::Domain);
        }
        Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
    }
}

impl EmailAddress {
    /// The address as written on a message.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The lower-case form, in which different spellings of one mailbox are equal.
    pub fn comparable(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// Whether `text` is another spelling of this address.
    pub fn is_mailbox(&self, text: &str) -> bool {
        self.0.eq_ignore_ascii_case(text)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = EmailError;
    fn try_from(text: String) -> Result<Self, EmailError> {
        text.parse()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A phone number: 7 to 15 digits with an optional leading `+` (ITU-T E.164).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(String);

/// An invalid phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Enter a phone number of 7 to 15 digits, with or without a leading +.")]
pub struct PhoneError;

impl FromStr for PhoneNumber {
    type Err = PhoneError;
    fn from_str(text: &str) -> Result<Self, PhoneError> {
        let text = text.trim();
        let (plus, rest) = text.strip_prefix('+').map_or(("", text), |rest| ("+", rest));
        let digits: String =
            rest.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.' | '/' | '\u{a0}')).collect();
        if !(7..=15).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PhoneError);
        }
        Ok(Self(format!("{plus}{digits}")))
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = PhoneError;
    fn try_from(text: String) -> Result<Self, PhoneError> {
        text.parse()
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> Self {
        number.0
    }
}

impl PhoneNumber {
    /// The number without spaces and symbols.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The channel of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressKind {
    /// An email address.
    Email,
    /// A phone number.
    Phone,
}

impl AddressKind {
    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_addresses_are_taken_and_their_domain_lowered() {
        for (typed, kept) in [
            (" ana.o'neil+school@Example.ORG ", "ana.o'neil+school@example.org"),
            ("x@xn--bcher-kva.example", "x@xn--bcher-kva.example"),
        ] {
            assert_eq!(typed.parse::<EmailAddress>().unwrap().as_str(), kept);
        }
    }

    #[test]
    fn what_a_mail_library_takes_and_a_mail_server_refuses_is_refused() {
        for (typed, why) in [
            ("a@b", EmailError::Domain),
            ("\"a b\"@example.com", EmailError::Space),
            ("\"a\"@example.com", EmailError::Local),
            ("a@[127.0.0.1]", EmailError::Domain),
            ("a@b_c.com", EmailError::Domain),
            ("a..b@example.com", EmailError::Local),
            ("a@example.com\r\nBcc: x@y.org", EmailError::Space),
            ("a@b@example.com", EmailError::Several),
            ("a@b.example; c@d.example", EmailError::Several),
            ("none", EmailError::NoAt),
            ("a@10.0.0.1", EmailError::Domain),
        ] {
            assert_eq!(typed.parse::<EmailAddress>().unwrap_err(), why, "{typed}");
        }
    }

    #[test]
    fn phone_numbers_lose_their_punctuation() {
        assert_eq!("+44 (0)7700-900118".parse::<PhoneNumber>().unwrap().as_str(), "+4407700900118");
        assert!("extension 4".parse::<PhoneNumber>().is_err());
    }
}
