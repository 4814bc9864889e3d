//! The parts of pages about guardians.

mod adult_fields;
mod cap_path;
mod contact_fields;

pub use adult_fields::AdultFields;
pub use cap_path::cap_path;
pub use contact_fields::ContactFields;
