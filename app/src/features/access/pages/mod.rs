//! The pages on which people come in.

pub mod activate;
pub mod setup;
pub mod sign_in;
pub mod who;
