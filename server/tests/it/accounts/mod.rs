//! The commands about accounts.

mod create;
