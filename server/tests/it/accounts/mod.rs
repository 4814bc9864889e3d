//! The commands about accounts.

mod create;
mod export;
mod list;
