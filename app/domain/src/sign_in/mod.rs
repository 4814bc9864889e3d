//! Signing in, step by step.

pub mod steps;
