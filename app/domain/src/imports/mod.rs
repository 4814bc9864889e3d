//! Files on their way to the roll: what a column is, what a row says, and what would become of it.

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
