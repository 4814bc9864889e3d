//! The staff pages.

mod staff;

pub use staff::Staff;
