//! The roll: schools, people, enrolments and delivery addresses.

pub mod address;
pub mod enrolment;
pub mod filter;
pub mod import;
pub mod language;
pub mod name;
pub mod office;
pub mod page;
pub mod school;
pub mod selection;
pub mod settings;
pub mod snapshot;
pub mod status;
pub mod views;
