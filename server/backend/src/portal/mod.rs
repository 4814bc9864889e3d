//! What a person sees of themselves, and the preview of it.

pub mod home;
pub mod preview;
#[cfg(test)]
mod tests;
pub mod visits;
