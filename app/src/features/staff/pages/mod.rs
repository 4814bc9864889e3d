//! The staff pages.

#[cfg(feature = "ssr")]
pub mod member;
mod staff;

pub use staff::Staff;
