//! Who may do what to whom, and why.

pub mod access;
pub mod actor;
pub mod grant;
pub mod permission;
pub mod place;
pub mod policy;
pub mod role;
pub mod visible;
