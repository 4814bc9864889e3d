//! Server functions about accounts.

mod count;

pub use count::count_accounts;
