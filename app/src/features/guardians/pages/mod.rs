//! The pages about guardians. None of them needs WebAssembly.

pub mod contact;
pub mod list;
pub mod matched;
pub mod modify;
pub mod new;
pub mod record;
