//! Signing in.

pub mod pages;
