//! Guardians: the adults in a student's life, what each may see, and how they get an account.

pub mod access;
pub mod adult;
pub mod attach;
pub mod contact;
pub mod ending;
pub mod form;
pub mod kept;
pub mod probable;
pub mod relationship;
pub mod views;
