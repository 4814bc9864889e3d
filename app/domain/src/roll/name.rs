//! A person's name, in any script.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::fold::line;

/// The longest part of a name, in characters. Longer values mean that a column was mapped wrongly.
pub const MAX_NAME_PART: usize = 100;

/// Why a name is invalid.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NameError {
    /// It has neither a given nor a family name.
    #[error("Enter a given name or a family name.")]
    Empty,
    /// A part is longer than [`MAX_NAME_PART`] characters.
    #[error("This name is longer than {MAX_NAME_PART} characters. Check that it is one name.")]
    TooLong,
}

/// A name as the school records it. Either `given` or `family` may be empty, but not both: some people have a
/// single name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PersonName {
    given: String,
    middle: String,
    family: String,
    preferred: String,
}

impl PersonName {
    /// Creates a name from its parts. They are trimmed, without control and direction characters, with single
    /// spaces, in Unicode NFC.
    pub fn new(given: &str, middle: &str, family: &str, preferred: &str) -> Result<Self, NameError> {
        let [given, middle, family, preferred] = [given, middle, family, preferred].map(tidy);
        if given.is_empty() && family.is_empty() {
            return Err(NameError::Empty);
        }
        if [&given, &middle, &family, &preferred].iter().any(|part| part.chars().count() > MAX_NAME_PART) {
            return Err(NameError::TooLong);
        }
        Ok(Self { given, middle, family, preferred })
    }

    /// Given name; empty for people with only a family name.
    pub fn given(&self) -> &str {
        &self.given
    }

    /// Middle names; may be empty.
    pub fn middle(&self) -> &str {
        &self.middle
    }

    /// Family name; empty for people with a single name.
    pub fn family(&self) -> &str {
        &self.family
    }

    /// The name the person goes by; empty if it is the given name.
    pub fn preferred(&self) -> &str {
        &self.preferred
    }

    /// The name to address the person by: the preferred name, or else the given name, or else the family
    /// name.
    pub fn familiar(&self) -> &str {
        [&self.preferred, &self.given].into_iter().find(|part| !part.is_empty()).unwrap_or(&self.family)
    }

    /// The name as pages show it: familiar name and family name.
    pub fn full(&self) -> String {
        display_name(&self.given, &self.family, &self.preferred)
    }
}

/// The name as pages show it, from its parts: preferred or given name, then family name.
pub fn display_name(given: &str, family: &str, preferred: &str) -> String {
    let first = if preferred.is_empty() { given } else { preferred };
    match (first.is_empty(), family.is_empty()) {
        (false, false) => format!("{first} {family}"),
        (false, true) => first.to_owned(),
        (true, _) => family.to_owned(),
    }
}

/// Whether a character changes text direction or joins invisibly. Removed from names, because it can disguise
/// them. Zero-width joiner and non-joiner are kept: Persian, Hindi and other languages need them.
fn is_invisible_control(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Makes a name one visible line in Unicode NFC.
pub(crate) fn tidy(part: &str) -> String {
    if !part.is_ascii() && part.contains(is_invisible_control) {
        line(&part.chars().filter(|c| !is_invisible_control(*c)).collect::<String>())
    } else {
        line(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_controls_and_direction_marks_are_tidied() {
        let name = PersonName::new("  Zoë\u{202E}\t Ann ", "", "O\u{2019}Neil\r\n", "").unwrap();
        assert_eq!((name.given(), name.family()), ("Zoë Ann", "O\u{2019}Neil"));
    }

    #[test]
    fn both_unicode_spellings_of_a_letter_are_one_name() {
        let composed = PersonName::new("Andr\u{e9}", "", "X", "").unwrap();
        let decomposed = PersonName::new("Andre\u{301}", "", "X", "").unwrap();
        assert_eq!(composed, decomposed);
    }

    #[test]
    fn a_single_name_is_a_name_and_no_name_is_not() {
        assert_eq!(PersonName::new("Suharto", "", "", "").unwrap().full(), "Suharto");
        assert_eq!(PersonName::new(" ", "x", "", "y"), Err(NameError::Empty));
    }
}
