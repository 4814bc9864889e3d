//! The parts of pages about guardians.

mod adult_fields;
mod autocreate_link;
mod contact_fields;

pub use adult_fields::AdultFields;
pub use autocreate_link::autocreate_of;
pub use contact_fields::ContactFields;
