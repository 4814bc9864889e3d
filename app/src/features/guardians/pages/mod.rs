//! Pages about guardians, for the office and for families. They need no WebAssembly.

pub mod access;
pub mod family;
pub mod tasks;
