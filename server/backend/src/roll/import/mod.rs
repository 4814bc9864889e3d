//! What an import of students does in the database, and what imports of any people have in common.

mod in_use;
pub(crate) mod people;
mod students;

pub(crate) use students::Students;
