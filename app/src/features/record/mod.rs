//! A student's record.

pub mod api;
pub mod components;
pub mod pages;
