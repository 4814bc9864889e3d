//! How to reach the office of a school or an organisation: what pages and messages name when they say "contact
//! the school office".

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::address::{EmailAddress, PhoneError, PhoneNumber};

/// The office's phone number as people read it, such as `020 7946 0000`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OfficePhone {
    shown: String,
    number: PhoneNumber,
}

impl OfficePhone {
    /// The number without spaces and symbols, for a `tel:` link (RFC 3966).
    pub fn number(&self) -> &str {
        self.number.as_str()
    }
}

impl FromStr for OfficePhone {
    type Err = PhoneError;

    fn from_str(text: &str) -> Result<Self, PhoneError> {
        let number = text.parse()?;
        Ok(Self { shown: text.split_whitespace().collect::<Vec<_>>().join(" "), number })
    }
}

impl TryFrom<String> for OfficePhone {
    type Error = PhoneError;
    fn try_from(text: String) -> Result<Self, PhoneError> {
        text.parse()
    }
}

impl From<OfficePhone> for String {
    fn from(phone: OfficePhone) -> Self {
        phone.shown
    }
}

impl fmt::Display for OfficePhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// How to reach the office.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeContact {
    /// Its phone number.
    pub phone: Option<OfficePhone>,
    /// Its email address. Replies to messages go there.
    pub email: Option<EmailAddress>,
}

impl OfficeContact {
    /// Reads stored values. One that is no longer valid, because a rule became stricter, is left out.
    pub fn stored(phone: Option<&str>, email: Option<&str>) -> Self {
        Self {
            phone: phone.and_then(|text| text.parse().ok()),
            email: email.and_then(|text| text.parse().ok()),
        }
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.phone.is_none() && self.email.is_none()
    }
}

/// Reads a field that may be left empty.
pub fn optional<T: FromStr>(text: &str) -> Result<Option<T>, T::Err> {
    if text.trim().is_empty() { Ok(None) } else { text.parse().map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_is_shown_as_typed_and_dialled_as_digits() {
        let phone: OfficePhone = " 020  7946 0000 ".parse().unwrap();
        assert_eq!((phone.to_string().as_str(), phone.number()), ("020 7946 0000", "02079460000"));
        let abroad: OfficePhone = "+64 (9) 555-0100".parse().unwrap();
        assert_eq!((abroad.to_string().as_str(), abroad.number()), ("+64 (9) 555-0100", "+6495550100"));
        assert!("ask reception".parse::<OfficePhone>().is_err());
    }

    #[test]
    fn an_empty_field_is_no_contact_and_a_wrong_one_is_an_error() {
        assert_eq!(optional::<EmailAddress>("  "), Ok(None));
        assert!(optional::<EmailAddress>("office").is_err());
        assert!(OfficeContact::stored(Some("x"), None).is_empty());
    }
}
