//! Bringing a file to the roll: staged, its columns matched, simulated, committed, undone; and the log of every row.

pub mod commit;
pub mod discard;
pub mod export;
mod keeping;
pub mod list;
pub mod log;
pub mod map;
mod planning;
mod queries;
pub(crate) mod retention;
pub mod simulate;
pub mod stage;
pub mod table;
#[cfg(test)]
mod tests;
pub mod undo;
pub mod view;
mod writing;
