//! Server functions for second factors.

mod remove_factors;
mod step_up;

pub use remove_factors::remove_factors;
pub use step_up::{challenge_passkey, how_to_step_up, step_up};
