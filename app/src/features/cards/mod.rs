//! Passwords on cards.

pub mod pages;
