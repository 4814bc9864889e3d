//! Signing in, step by step, and what helps people who cannot.

pub mod help;
pub mod steps;
