//! Sessions: where someone is signed in.

pub mod api;
