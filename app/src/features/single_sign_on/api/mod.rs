//! Server functions about single sign-on.

mod remove_identities;

pub use remove_identities::remove_identities;
