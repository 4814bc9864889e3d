//! The portal pages, and the staff preview of them.

pub mod child;
pub mod children;
pub mod frame;
pub mod home;
pub mod not_mine;
pub mod preview;
pub mod visits;
