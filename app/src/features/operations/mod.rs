//! Operations: what waits for a second person.

pub mod pages;
