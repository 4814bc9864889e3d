//! Signing in: the flow from a first proof to a session, and what helps people who cannot sign in.

pub mod flow;
pub(crate) mod help;
pub(crate) mod retention;
#[expect(clippy::module_inception, reason = "the action that the feature is named after")]
pub mod sign_in;
pub mod site_name;
#[cfg(test)]
mod tests;
pub mod with_passkey;
