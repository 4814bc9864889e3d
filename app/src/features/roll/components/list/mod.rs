//! Lists of students: what they show, what narrows them, and where their rows come from.

pub mod columns;
mod filters;
mod store;

pub use filters::{EVERYTHING, OF_THE_ROLL, WITHOUT_ACCOUNT, plain};
pub use store::RollStore;
