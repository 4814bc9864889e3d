//! Guardians.

pub mod pages;
