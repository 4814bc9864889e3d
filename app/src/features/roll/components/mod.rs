//! Parts that pages about students share.

pub mod list;
