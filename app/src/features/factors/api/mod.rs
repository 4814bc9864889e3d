//! Server functions about second factors.

mod prove;
mod remove_factors;

pub use prove::{challenge_passkey, how_to_prove, prove};
pub use remove_factors::remove_factors;
