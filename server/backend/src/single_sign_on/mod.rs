//! Single sign-on with OpenID Connect: a provider that the school trusts confirms who someone is.
//!
//! [`visit`] sends a browser to a provider and back, [`token`] checks what the provider says, [`identify`]
//! finds the account, [`verify`] asks its owner once to confirm the account, and [`link`] links it when they
//! sign in. Every sign-in continues in [`crate::sign_in::flow`].

pub(crate) mod code;
mod identify;
pub mod issuers;
pub mod message;
pub mod offers;
pub mod own;
pub mod providers;
mod refused;
pub(crate) mod retention;
#[cfg(test)]
mod tests;
mod token;
pub mod verify;
pub mod visit;
mod web;
