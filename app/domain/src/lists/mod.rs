//! Lists of whatever kind: their pages, and the columns that somebody wants to see of them.

pub mod columns;
pub mod page;
pub mod positions;
