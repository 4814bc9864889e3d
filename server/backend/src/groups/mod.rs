//! Teaching groups: their courses, their tutors and their members.

pub mod create;
pub mod members;
pub(crate) mod retention;
