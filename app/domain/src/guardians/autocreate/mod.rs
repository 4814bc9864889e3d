//! Autocreate: looks at the guardians of chosen students, and creates the accounts and the access that are missing.

pub mod facts;
pub mod household;
pub mod line;
pub mod message;
pub mod options;
pub mod outcome;
mod told;
pub mod views;

pub use told::ToldFact;
