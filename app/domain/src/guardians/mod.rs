//! Guardians: the adults in a student's life, what each may see, and how they get an account.

pub mod access;
pub mod adult;
pub mod attach;
pub mod autocreate;
pub mod bulk;
pub mod contact;
pub mod coverage;
pub mod delivery;
pub mod duplicates;
pub mod ending;
pub mod family;
pub mod form;
pub mod grants;
pub mod import;
pub mod kept;
pub mod probable;
pub mod relationship;
pub mod restriction;
pub mod settings;
pub mod task;
pub mod views;
