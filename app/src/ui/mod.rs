//! What pages share.

#[cfg(feature = "ssr")]
pub mod family;
