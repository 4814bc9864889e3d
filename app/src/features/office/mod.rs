//! The office: who is signed in, the frame around every page, and confirming who you are.

#[cfg(feature = "ssr")]
pub mod desk;
pub mod layout;
pub mod me;
pub mod proof;
