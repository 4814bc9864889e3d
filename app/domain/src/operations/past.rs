//! An operation that ran, in lists.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::OperationId;

/// Who ran it, when, and on how many rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastOperation {
    /// The operation.
    pub id: OperationId,
    /// Who ran it; `None` if it was the command line.
    pub by: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// How many rows.
    pub size: u32,
    /// When it was undone, if it was.
    pub undone_at: Option<DateTime<Utc>>,
}
