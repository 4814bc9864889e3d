//! Roles, grants and restrictions: who holds which, and why. What a use case can be entered for is in
//! [`crate::tenancy::target`].

pub(crate) mod retention;
pub mod roles;
pub(crate) mod scopes;
pub(crate) mod undoing;
