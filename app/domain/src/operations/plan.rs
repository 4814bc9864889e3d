//! A plan: what an operation would do, row by row, before it does any of it.

use serde::{Deserialize, Serialize};

use super::facts::{Facts, hash};

/// The hash of a plan: what is run is what was seen or approved, neither more nor less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanHash(pub [u8; 32]);

/// A row of a plan.
pub trait PlannedRow: Facts {
    /// Whether the row can be done as it stands. One that cannot waits for a person's eye.
    fn is_ready(&self) -> bool {
        true
    }
}

/// What an operation would do. The same input on the same data gives the same rows in the same order, and so the same
/// hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan<R> {
    /// Row by row.
    pub rows: Vec<R>,
    /// Of the facts of the rows.
    pub hash: PlanHash,
}

impl<R: PlannedRow> Plan<R> {
    /// Of these rows.
    pub fn of(rows: Vec<R>) -> Self {
        let hash = hash(&rows);
        Self { rows, hash }
    }

    /// Whether every row can be done as it stands.
    pub fn is_ready(&self) -> bool {
        self.rows.iter().all(PlannedRow::is_ready)
    }
}
