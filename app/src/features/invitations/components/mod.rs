//! Parts of pages about invitations.

mod sending;

pub use sending::Sending;
