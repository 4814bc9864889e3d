//! Guardians: the adults in a student's life, what each may see, and how they get an account.

pub mod access;
pub mod contact;
pub mod coverage;
pub mod family;
pub mod relationship;
pub mod settings;
pub mod task;
