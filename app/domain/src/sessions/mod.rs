//! Sessions: where someone is signed in, and with which device.

pub mod device;
pub mod views;
