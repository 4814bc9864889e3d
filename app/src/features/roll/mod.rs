//! Students: the list.

pub mod api;
pub mod components;
pub mod pages;
