//! Lists of whatever kind: the pages that they come in, and the columns that somebody wants to see of them.

pub mod columns;
pub mod page;
