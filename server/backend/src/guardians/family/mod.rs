//! What guardians see of their children, and what an invitation asks them.

pub mod asked;
pub(crate) mod children;
pub mod first;
