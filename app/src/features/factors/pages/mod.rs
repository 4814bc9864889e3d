//! The pages for second factors.

pub mod second_factor;
pub mod security;
pub mod waiting;
