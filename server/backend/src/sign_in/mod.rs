//! Signing in: the flow from a first proof to a session.

mod candidate;
pub mod flow;
pub(crate) mod link;
pub(crate) mod retention;
#[expect(clippy::module_inception, reason = "the action that the feature is named after")]
pub mod sign_in;
pub mod site;
#[cfg(test)]
mod tests;
pub mod with_passkey;
