//! Pages about guardians.

pub mod missing;
