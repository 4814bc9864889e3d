//! The features, with the same names as in every other layer.

pub mod accounts;
#[cfg(feature = "ssr")]
pub mod audit;
#[cfg(feature = "ssr")]
pub mod authorization;
pub mod factors;
pub mod imports;
pub mod invitations;
pub mod lists;
pub mod office;
pub mod operations;
#[cfg(feature = "ssr")]
pub mod own_account;
#[cfg(feature = "ssr")]
pub mod portal;
pub mod record;
pub mod recovery;
pub mod roll;
pub mod sessions;
pub mod settings;
#[cfg(feature = "ssr")]
pub mod setup;
#[cfg(feature = "ssr")]
pub mod sign_in;
pub mod single_sign_on;
pub mod staff;
