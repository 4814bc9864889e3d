//! Imports of any kind: a file is staged, its columns matched, it is simulated, committed, undone; and the log of every
//! row. A kind brings what only it knows ([`kind`]).

pub mod commit;
pub mod discard;
pub mod export;
pub mod kind;
pub mod list;
pub mod log;
pub mod map;
mod parts;
mod planning;
mod queries;
pub(crate) mod retention;
pub mod simulate;
pub mod stage;
mod target;
#[cfg(test)]
mod tests;
pub mod undo;
mod undo_log;
pub mod view;
mod write;
