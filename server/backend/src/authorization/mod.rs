//! Who holds which role, grant and restriction, and why. What a use case is entered for is [`crate::tenancy::target`].

pub(crate) mod retention;
pub mod roles;
pub(crate) mod scopes;
