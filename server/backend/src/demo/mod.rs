//! The demonstration school: invented, but with everything that makes a real roll difficult.

mod families;
mod groups;
mod load;
mod load_families;
mod names;
mod staff;
mod students;
#[cfg(test)]
mod tests;

pub use load::{LoadedDemo, SCHOOL_CODE, is_empty, load};
pub use staff::DemoStaff;
