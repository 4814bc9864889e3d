//! Lists of any kind: their pages, and the columns a person wants to see.

pub mod columns;
pub mod page;
pub mod positions;
