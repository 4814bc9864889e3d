//! The pages on which people come in.

pub mod account;
pub mod activate;
pub mod codes;
pub mod forgotten;
pub mod grace;
pub mod own_address;
pub mod providers;
pub mod reset;
pub mod roles;
pub mod second_factor;
pub mod security;
pub mod setup;
pub mod sign_in;
pub mod single_sign_on;
pub mod who;
