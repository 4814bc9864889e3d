//! The first administrator.

pub mod pages;
