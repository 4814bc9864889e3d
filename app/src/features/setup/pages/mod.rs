//! The pages of set-up: you, your organisation, your first school.

pub mod organisation;
pub mod school;
pub mod setup;
mod steps;
