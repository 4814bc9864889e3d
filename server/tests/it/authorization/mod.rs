//! Roles, through the router.

mod colleagues;
mod roles;
