//! Schools, and the groups they sort students into.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

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
