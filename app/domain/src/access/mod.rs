//! Who may do what, and how people come in.

pub mod actor;
pub mod password;
pub mod policy;
pub mod role;
