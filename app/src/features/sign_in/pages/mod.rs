//! The pages on which people sign in.

pub mod sign_in;
pub mod who;
