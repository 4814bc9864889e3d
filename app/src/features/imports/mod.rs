//! Imports: adding the rows of a file to Greencap in four steps.

pub mod api;
pub mod components;
pub mod pages;
