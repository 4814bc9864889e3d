//! Coming in.

pub mod pages;
