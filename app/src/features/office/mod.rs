//! The office: the signed-in person, and the frame around every page.

#[cfg(feature = "ssr")]
pub mod desk;
pub mod layout;
pub mod me;
