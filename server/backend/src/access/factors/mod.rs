//! Second factors: authenticator apps, recovery codes, who has to have one, and proving oneself anew.

pub mod app;
pub(in crate::access) mod changed;
pub(super) mod check;
pub mod grace;
pub(super) mod guesses;
pub mod held;
pub mod passkeys;
pub mod prove;
pub mod recovery;
pub mod remove;
pub(crate) mod totp;
