//! Coming of age: rights pass to the student on a day that is known long before. They are told, and choose which adults keep
//! seeing what.

pub mod choose;
pub(in crate::guardians) mod day;
pub mod message;
pub(crate) mod pass;
pub mod shown;
pub(crate) mod tell;
