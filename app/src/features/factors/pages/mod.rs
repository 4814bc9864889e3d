//! The pages about second factors.

pub mod second_factor;
pub mod security;
