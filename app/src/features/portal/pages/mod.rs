//! The portal pages, and the staff preview of them.

pub mod frame;
pub mod home;
pub mod preview;
pub mod visits;
