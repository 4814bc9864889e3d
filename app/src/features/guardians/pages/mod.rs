//! Pages about guardians, for the office and for families. They need no WebAssembly.

pub mod access;
pub mod autocreate;
pub mod bulk;
pub mod contact;
pub mod duplicates;
pub mod family;
pub mod list;
pub mod matched;
pub mod missing;
pub mod modify;
pub mod new;
pub mod record;
pub mod tasks;
