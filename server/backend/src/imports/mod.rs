//! Imports of any kind: stage a file, match its columns, simulate, commit and undo it, and keep a log of
//! every row. A kind adds only what is specific to it ([`kind`]).

mod choices;
pub mod commit;
mod corrections;
pub mod dates;
pub mod decide;
pub mod discard;
pub mod export;
mod guard;
pub mod kind;
pub mod list;
pub mod log;
pub mod map;
pub mod mend;
pub(crate) mod near;
mod parts;
mod planning;
pub mod problems;
mod queries;
pub mod replace;
pub(crate) mod retention;
pub mod send_back;
pub mod senders;
pub mod settle;
mod sheet;
pub mod simulate;
mod spare;
pub mod stage;
mod target;
pub mod template;
#[cfg(test)]
mod tests;
pub mod undo;
mod undo_log;
pub mod view;
pub(crate) mod whole;
mod write;
pub(crate) mod written;
