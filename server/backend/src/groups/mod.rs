//! Teaching groups: their courses, their tutors and their members.

pub mod change;
pub mod courses;
pub mod create;
pub mod edit;
pub mod group;
pub(crate) mod import;
pub mod list;
pub mod members;
pub mod of_student;
pub(crate) mod retention;
#[cfg(test)]
mod tests;
pub mod tutored;
pub mod tutors;
pub mod years;
