//! The pages about second factors.

pub mod grace;
pub mod second_factor;
pub mod security;
