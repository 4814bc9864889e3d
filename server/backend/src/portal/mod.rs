//! What people see about themselves and their children, and the preview of it for staff.

pub mod child;
pub mod frame;
pub mod home;
pub mod preview;
pub(crate) mod retention;
#[cfg(test)]
mod tests;
pub mod visits;
