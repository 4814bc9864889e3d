//! "This is not my child": one press, at activation, in the portal and from every message. It stops what the adult sees of
//! that child at once, leaves their other children alone, and asks the office to look at it.

pub mod link;
mod press;
pub mod restore;

pub(crate) use press::freeze;
pub use press::{NotMine, press};
