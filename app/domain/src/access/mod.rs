//! Who may do what, and how people come in.

pub mod actor;
pub mod device;
pub mod factors;
pub mod help;
pub mod own_address;
pub mod password;
pub mod permission;
pub mod policy;
pub mod recovery;
pub mod role;
pub mod sessions;
pub mod sign_in;
pub mod single_sign_on;
