//! Settings of a school.

pub mod pages;
