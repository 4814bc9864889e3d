//! The office: who is signed in, and the frame around every page.

#[cfg(feature = "ssr")]
pub mod desk;
pub mod layout;
pub mod me;
