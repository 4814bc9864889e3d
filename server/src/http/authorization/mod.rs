//! Roles.

mod roles;

pub(super) use roles::routes;
