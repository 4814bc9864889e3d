//! Pages about staff.

mod staff;

pub use staff::Staff;
