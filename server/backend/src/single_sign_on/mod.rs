//! Single sign-on by OpenID Connect: people who come in because a provider that their school trusts knows them.
//!
//! [`visit`] takes a browser to a provider and back, [`token`] checks what the provider says, [`identify`] finds whose it is,
//! [`verify`] shows its owner once whose account it is, and [`link`] links it when they come in. Every sign-in goes on in
//! [`crate::sign_in::flow`].

pub(crate) mod code;
mod identify;
pub mod issuers;
pub(crate) mod link;
pub mod offers;
pub mod own;
pub mod providers;
pub(crate) mod retention;
#[cfg(test)]
mod tests;
mod token;
pub mod verify;
pub mod visit;
mod web;
