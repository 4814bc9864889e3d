//! Pages about guardians.

pub mod duplicates;
