//! What a person sees of themselves, and the preview of it.

pub mod frame;
pub mod home;
pub mod preview;
pub(crate) mod retention;
#[cfg(test)]
mod tests;
pub mod visits;
