//! User accounts.

pub mod api;
pub mod components;
pub mod pages;
