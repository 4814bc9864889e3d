//! Accounts: who has one, creating and undoing them in batches, and what staff can do to them.

pub mod batch;
pub mod batches;
pub mod by_key;
pub mod candidates;
pub mod change_state;
pub mod changed;
pub mod create;
pub mod export;
pub mod grant;
pub mod group_list;
pub mod groups_list;
pub mod guardian;
pub(crate) mod guardians;
pub(crate) mod imported;
pub mod list;
pub mod old_username;
pub mod paste;
pub mod plan;
pub mod portal_group;
pub mod print;
pub(crate) mod queries;
pub mod rename;
pub mod renamed;
pub(crate) mod reopen;
pub(crate) mod retention;
pub mod simulate;
pub(crate) mod slips;
pub mod staff;
pub(crate) mod state_writing;
mod taken;
pub mod template;
#[cfg(test)]
mod tests;
pub mod undo;
mod undo_state;
mod writing;

pub use queries::lock_usernames;
pub(crate) use taken::taken_by_anyone;
