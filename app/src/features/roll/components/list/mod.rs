//! Lists of students: their columns, filters and rows.

pub mod columns;
mod filters;
mod store;

pub use filters::{EVERYTHING, OF_THE_ROLL, WITHOUT_ACCOUNT, plain};
pub use store::RollStore;
