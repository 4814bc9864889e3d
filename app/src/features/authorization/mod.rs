//! Staff roles.

pub mod pages;
