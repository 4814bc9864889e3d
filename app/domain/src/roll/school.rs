//! Schools, and the groups they sort students into.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::name::tidy;

/// A school's short name on the command line and in files: 1 to 20 letters, digits, dots, hyphens or
/// underscores.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SchoolCode(String);

/// An invalid code.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("A school code must have 1 to 20 letters, numbers, dots, hyphens or underscores.")]
pub struct SchoolCodeError;

impl FromStr for SchoolCode {
    type Err = SchoolCodeError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if text.is_empty() || text.len() > 20 || !text.chars().all(allowed) {
            return Err(SchoolCodeError);
        }
        Ok(Self(text.to_ascii_uppercase()))
    }
}

impl TryFrom<String> for SchoolCode {
    type Error = SchoolCodeError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<SchoolCode> for String {
    fn from(code: SchoolCode) -> Self {
        code.0
    }
}

impl fmt::Display for SchoolCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl SchoolCode {
    /// Proposes a code for a school with this name: the first letters of its words, or the first word if there is
    /// only one. Empty if the name has no letters or numbers that a code can have.
    pub fn proposal(name: &str) -> String {
        let words: Vec<String> = name
            .split(|c: char| c.is_whitespace() || c == '-')
            .map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
            .filter(|word| !word.is_empty())
            .collect();
        let code: String = match words.as_slice() {
            [only] => only.chars().take(8).collect(),
            words => words.iter().filter_map(|word| word.chars().next()).take(8).collect(),
        };
        code.to_ascii_uppercase()
    }
}

/// The longest name of a school or an organisation, in characters.
pub const MAX_INSTITUTION_NAME: usize = 200;

/// The name of a school or an organisation: one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InstitutionName(String);

/// An invalid name of a school or an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Enter a name, in at most {MAX_INSTITUTION_NAME} characters.")]
pub struct InstitutionNameError;

impl FromStr for InstitutionName {
    type Err = InstitutionNameError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = tidy(text);
        let allowed = (1..=MAX_INSTITUTION_NAME).contains(&name.chars().count());
        if allowed && !text.chars().any(|c| c.is_control() && !c.is_whitespace()) {
            Ok(Self(name))
        } else {
            Err(InstitutionNameError)
        }
    }
}

impl InstitutionName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for InstitutionName {
    type Error = InstitutionNameError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<InstitutionName> for String {
    fn from(name: InstitutionName) -> Self {
        name.0
    }
}

impl fmt::Display for InstitutionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A school, as lists and menus show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolView {
    /// Its identifier.
    pub id: crate::ids::SchoolId,
    /// Its short name.
    pub code: String,
    /// Its name.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposed_code_is_a_code() {
        for (name, code) in [
            ("Quillmere School", "QS"),
            ("St Mary\u{2019}s C of E Primary", "SMCOEP"),
            ("Quillmere", "QUILLMER"),
            ("Lycée Jean-Moulin", "LJM"),
        ] {
            assert_eq!(SchoolCode::proposal(name), code);
            assert_eq!(code.parse::<SchoolCode>().unwrap().to_string(), code);
        }
        assert_eq!(SchoolCode::proposal("学校"), "");
    }

    #[test]
    fn a_name_is_one_line_that_is_not_empty() {
        assert_eq!(
            " St\tMary\u{2019}s\u{202E}\n School ".parse::<InstitutionName>().unwrap().as_str(),
            "St Mary\u{2019}s School"
        );
        for wrong in ["", " \n ", "a\0b", &"x".repeat(201)] {
            assert_eq!(wrong.parse::<InstitutionName>(), Err(InstitutionNameError), "{wrong:?}");
        }
    }
}
