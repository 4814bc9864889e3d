//! Who may do what, to whom, and why.

pub mod actor;
pub mod permission;
pub mod policy;
pub mod role;
