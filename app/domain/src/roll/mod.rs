//! The roll: schools, people, enrolments and delivery addresses.

pub mod address;
pub mod filter;
pub mod fold;
pub mod name;
pub mod school;
pub mod status;
pub mod views;
