//! A plan: what an operation would do, row by row.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::facts::{Facts, hash};

/// The hash of a plan, which ensures that what runs is exactly what was seen or approved. Written as 64
/// hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PlanHash(pub [u8; 32]);

/// Text or bytes that are not a plan's hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not the hash of a plan")]
pub struct PlanHashError;

impl TryFrom<&[u8]> for PlanHash {
    type Error = PlanHashError;
    fn try_from(bytes: &[u8]) -> Result<Self, PlanHashError> {
        bytes.try_into().map(Self).map_err(|_| PlanHashError)
    }
}

impl fmt::Display for PlanHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for PlanHash {
    type Err = PlanHashError;
    fn from_str(text: &str) -> Result<Self, PlanHashError> {
        if text.len() != 64 || !text.is_ascii() {
            return Err(PlanHashError);
        }
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).map_err(|_| PlanHashError)?;
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for PlanHash {
    type Error = PlanHashError;
    fn try_from(text: String) -> Result<Self, PlanHashError> {
        text.parse()
    }
}

impl From<PlanHash> for String {
    fn from(hash: PlanHash) -> Self {
        hash.to_string()
    }
}

/// A row of a plan.
pub trait PlannedRow: Facts {
    /// Whether the row can run as it is. If not, someone has to review it.
    fn is_ready(&self) -> bool {
        true
    }
}

/// What an operation would do. The same input and data always give the same rows in the same order, and so
/// the same hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan<R> {
    /// The rows.
    pub rows: Vec<R>,
    /// The hash of the rows' facts.
    pub hash: PlanHash,
}

impl<R: PlannedRow> Plan<R> {
    /// Creates a plan from rows.
    pub fn of(rows: Vec<R>) -> Self {
        let hash = hash(&rows);
        Self { rows, hash }
    }

    /// Whether every row can run as it is.
    pub fn is_ready(&self) -> bool {
        self.rows.iter().all(PlannedRow::is_ready)
    }
}
