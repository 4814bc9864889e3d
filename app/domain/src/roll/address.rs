//! Delivery addresses. They are not identities: two people may share one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::digits::ascii_digits;
use crate::imports::value::is_invisible;

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
    /// It has no `@`, or two in what can only be one address.
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
    #[error("Enter the whole address, such as office@school.example. Check the part after the @.")]
    Domain,
    /// It is longer than 254 characters.
    #[error("This email address is longer than 254 characters. Check that it is one address.")]
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
        // A text without an @ is no address; that it has a space does not matter.
        if !text.contains('@') {
            return Err(EmailError::NoAt);
        }
        if text.chars().any(char::is_control) {
            return Err(EmailError::Space);
        }
        if text.matches('@').count() > 1 {
            return Err(if is_list(text) { EmailError::Several } else { EmailError::NoAt });
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

/// Whether a text with several `@` holds several addresses: something stands between them.
fn is_list(text: &str) -> bool {
    let parts = text.split(|c: char| c.is_whitespace() || ",;/|<>()".contains(c));
    parts.filter(|part| part.contains('@')).count() > 1
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

/// Why a phone number is invalid, worded for the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PhoneError {
    /// Too few or too many digits, or signs that no number has.
    #[error("Enter a phone number of 7 to 15 digits, with or without a leading +.")]
    Digits,
    /// More than one number.
    #[error("This is more than one phone number. Keep the one that messages should go to.")]
    Several,
    /// Letters among the digits, such as an O that should be a 0.
    #[error("There are letters between the digits. Check for a letter O that should be a zero.")]
    Letters,
}

impl PhoneError {
    /// All errors.
    pub const ALL: [Self; 3] = [Self::Digits, Self::Several, Self::Letters];
}

/// Whether a character only makes a number easier to read.
fn parts_digits(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '(' | ')' | '.' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FF0D}')
}

impl FromStr for PhoneNumber {
    type Err = PhoneError;
    fn from_str(text: &str) -> Result<Self, PhoneError> {
        let text: String = ascii_digits(text).chars().filter(|c| !is_invisible(*c)).collect();
        let text = text.trim().replace("[0]", "(0)").replace("( 0 )", "(0)");
        let is_international =
            text.trim_start_matches('(').starts_with(['+', '\u{FF0B}']) || text.starts_with("00");
        let mut number = String::new();
        let (mut rest, mut is_second) = (text.as_str(), false);
        while let Some(c) = rest.chars().next() {
            // +44 (0)7700: the zero is dialled inside the country only.
            if is_international && number.len() > 1 && rest.starts_with("(0)") {
                rest = &rest[3..];
                continue;
            }
            match c {
                '0'..='9' if is_second => return Err(PhoneError::Several),
                '0'..='9' => number.push(c),
                '+' | '\u{FF0B}' if number.is_empty() => number.push('+'),
                // An area code can end with a slash, a whole number cannot.
                '/' => is_second = number.len() >= 7,
                other if parts_digits(other) => {}
                _ => return Err(PhoneError::Digits),
            }
            rest = &rest[c.len_utf8()..];
        }
        let digits = number.trim_start_matches('+');
        if !(7..=15).contains(&digits.len()) || digits.bytes().all(|b| b == b'0') {
            return Err(PhoneError::Digits);
        }
        Ok(Self(number))
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

impl AsRef<str> for PhoneNumber {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for EmailAddress {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

/// The channel of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
            ("a@b@example.com", EmailError::NoAt),
            ("mia@@post.example", EmailError::NoAt),
            ("a@b.example; c@d.example", EmailError::Several),
            ("none", EmailError::NoAt),
            ("not an address", EmailError::NoAt),
            ("a@10.0.0.1", EmailError::Domain),
        ] {
            assert_eq!(typed.parse::<EmailAddress>().unwrap_err(), why, "{typed}");
        }
    }

    #[test]
    fn phone_numbers_lose_their_punctuation() {
        for (typed, number) in [
            // The zero in brackets is not dialled from abroad.
            ("+44 (0)7700-900118", "+447700900118"),
            ("00 44 (0) 7700 900118", "00447700900118"),
            ("(07700) 900118", "07700900118"),
            ("(0)7700 900118", "07700900118"),
            ("(+44) 7700 900118", "+447700900118"),
            ("0221/12345678", "022112345678"),
            ("07700\u{2013}900\u{2011}118", "07700900118"),
            ("\u{202D}+46 73278 98 87\u{202C}", "+46732789887"),
            ("\u{660}\u{667}\u{667}\u{660}\u{660} \u{669}\u{660}\u{660}\u{661}\u{661}\u{668}", "07700900118"),
        ] {
            assert_eq!(typed.parse::<PhoneNumber>().map(String::from).as_deref(), Ok(number), "{typed}");
        }
        for (typed, why) in [
            ("extension 4", PhoneError::Digits),
            ("0000000000", PhoneError::Digits),
            ("07700 900118/9", PhoneError::Several),
            ("07700 900118 / 020 7946 0018", PhoneError::Several),
        ] {
            assert_eq!(typed.parse::<PhoneNumber>(), Err(why), "{typed}");
        }
    }
}
