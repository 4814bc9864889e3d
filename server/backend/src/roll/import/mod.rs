//! The database side of importing students, and what imports of any people share.

mod candidates;
mod in_use;
pub(crate) mod people;
mod students;
pub(crate) mod undo;

pub(crate) use students::StoredStudents;
