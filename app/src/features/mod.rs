//! The features, the same words as in every other layer.

pub mod access;
pub mod accounts;
#[cfg(feature = "ssr")]
pub mod audit;
pub mod imports;
pub mod invitations;
#[cfg(feature = "ssr")]
pub mod portal;
pub mod roll;
pub mod settings;
