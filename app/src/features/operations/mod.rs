//! Operations: requests for approval, and long operations while they run.

pub mod api;
pub mod components;
pub mod pages;
