//! Guardians in the office: the list, their records, and whose contacts they are.

pub mod components;
pub mod pages;
