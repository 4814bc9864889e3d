//! Files on their way to the roll: what a column is, what a row says, and what would become of it.

use chrono::TimeDelta;

pub mod dates;
pub mod diff;
pub mod field;
pub mod mapping;
pub mod outcome;
pub mod plan;
pub mod row;
mod usual_names;
pub mod views;
pub mod write;

/// How long rows, logs and what is needed for an undo are kept once the file has come, or has gone to the roll: long
/// enough to ask what an import did, no longer, since they hold names.
pub const KEPT_FOR: TimeDelta = TimeDelta::days(30);
