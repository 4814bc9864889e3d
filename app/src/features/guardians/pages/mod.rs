//! Pages about guardians.

pub mod autocreate;
