//! Pages about accounts.

mod list;

pub use list::UserAccounts;
