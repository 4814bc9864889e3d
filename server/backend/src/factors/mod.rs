//! Second factors: authenticator apps, passkeys, recovery codes, who must have one, and the step-up.

pub mod app;
pub(crate) mod changed;
pub(crate) mod check;
pub mod current;
pub(crate) mod guesses;
pub mod passkeys;
pub mod recovery;
pub mod remove;
pub(crate) mod retention;
pub mod step_up;
pub(crate) mod totp;
