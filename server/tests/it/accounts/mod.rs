//! The commands about accounts.

mod create;
mod list;
