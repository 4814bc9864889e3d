//! What a person sees of themselves.

pub mod pages;
