//! Imports: bringing a file to the roll, in four steps.

pub mod api;
pub mod components;
pub mod pages;
