//! The pages of the portal, and staff's preview of them.

pub mod frame;
pub mod home;
pub mod preview;
pub mod visits;
