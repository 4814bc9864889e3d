//! Sessions: where people are signed in, and on which device.

pub mod device;
pub mod views;
