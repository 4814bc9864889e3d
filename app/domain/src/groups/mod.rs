//! Teaching groups: what they are called, what they study, who tutors them and who is in them.

pub mod additions;
pub mod import;
pub mod members;
pub mod name;
pub mod tutor;
pub mod views;
