//! The commands about accounts.

mod approvals;
mod create;
mod export;
mod hidden;
mod list;
