//! Roles, through the router.

mod roles;
