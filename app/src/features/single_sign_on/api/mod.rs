//! Server functions for single sign-on.

mod remove_identities;

pub use remove_identities::remove_identities;
