//! Who may do what, to whom, and why: roles, and the people whom an actor reaches.

pub(crate) mod retention;
pub mod roles;
