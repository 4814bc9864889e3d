//! The page of a record.

mod student;

pub use student::StudentPage;
