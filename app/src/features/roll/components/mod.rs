//! Parts that pages about students share.

pub mod record;
pub mod register;
