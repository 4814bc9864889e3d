//! Which current students have no adult who can sign in, why, and what the office can do about it for many at once.

pub mod board;
pub mod chart;
pub mod chosen;
pub(crate) mod daily;
pub mod export;
pub mod fill_in;
pub mod invite;
#[cfg(test)]
mod tests;
