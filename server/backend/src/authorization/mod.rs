//! Who may do what, to whom, and why: roles, scopes, and the one way into a use case.

pub mod enter;
pub mod places;
pub(crate) mod retention;
pub mod roles;
pub(crate) mod scopes;
pub mod target;
#[cfg(test)]
mod tests;
