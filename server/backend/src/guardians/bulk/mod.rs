//! What staff do to several guardians of the list at once. Each action is an operation that exists for students and staff too;
//! here it is asked about and run for guardians.

pub mod ask;
pub mod cancel;
pub mod export;
pub mod people;
pub mod run;
