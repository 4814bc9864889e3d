//! The parts of pages about guardians.

mod adult_fields;
mod contact_fields;

pub use adult_fields::AdultFields;
pub use contact_fields::ContactFields;
