//! Second factors: authenticator apps, recovery codes, who has to have one, and proving oneself anew.

pub mod app;
pub(crate) mod changed;
pub(crate) mod check;
pub mod current;
pub mod grace;
pub(crate) mod guesses;
pub mod passkeys;
pub mod recovery;
pub mod remove;
pub(crate) mod retention;
pub mod step_up;
pub(crate) mod totp;
