//! Imports of any kind: stage a file, match its columns, simulate, commit and undo it, and keep a log of
//! every row. A kind adds only what is specific to it ([`kind`]).

mod choices;
pub mod commit;
pub mod dates;
pub mod decide;
pub mod discard;
pub mod export;
pub mod kind;
pub mod list;
pub mod log;
pub mod map;
pub(crate) mod near;
mod parts;
mod planning;
mod queries;
pub(crate) mod retention;
pub mod settle;
pub mod simulate;
mod spare;
pub mod stage;
mod target;
#[cfg(test)]
mod tests;
pub mod undo;
mod undo_log;
pub mod view;
pub(crate) mod whole;
mod write;
