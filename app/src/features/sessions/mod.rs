//! Sessions: where somebody is signed in.

pub mod api;
