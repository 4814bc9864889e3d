//! What people see about themselves.

pub mod pages;
