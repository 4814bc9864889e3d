//! The page behind the set-up link.

pub mod setup;
