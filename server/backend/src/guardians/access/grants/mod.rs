//! What one adult sees of one child, changed by the office.

pub mod change;
pub mod page;
