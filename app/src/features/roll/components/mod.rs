//! Parts shared by the student pages.

pub mod list;
