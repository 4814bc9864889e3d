//! The commands about accounts.

mod bulk;
mod create;
mod export;
mod hidden;
mod list;
mod pasting;
mod renaming;
mod reopening;
