//! Parts of the invitation pages.

mod sending;

pub use sending::Sending;
