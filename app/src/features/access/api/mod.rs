//! Server functions of access.

mod me;

pub use me::{Me, who_am_i};
