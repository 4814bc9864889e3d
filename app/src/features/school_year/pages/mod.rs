//! Pages of the school year. They need no WebAssembly.

pub mod days;
pub mod nightly;
pub mod overview;
pub mod rollover;
