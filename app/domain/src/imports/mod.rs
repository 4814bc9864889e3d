//! Imports: what a column is, what a row says, and what would become of it, for any kind of list. A kind declares itself in
//! its own feature ([`kind`]).

use chrono::TimeDelta;

pub mod cells;
pub mod dates;
pub mod fault;
pub mod kind;
pub mod mapping;
pub mod note;
pub mod outcome;
pub mod plan;
pub mod problem;
pub mod views;
pub mod words;

/// How long rows, logs and what an undo needs are kept after the file was chosen or imported: long enough to ask what an
/// import did, no longer, since they hold names.
pub const KEPT_FOR: TimeDelta = TimeDelta::days(30);
