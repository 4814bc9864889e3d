//! Accounts follow the roll, have days on which they can be used, and a school moves to its next year.

mod apply;
pub mod hold;
pub mod nightly;
pub mod now;
mod periods;
mod plan;
pub(crate) mod retention;
pub mod rollover;
pub mod tomorrow;
pub mod validity;

#[cfg(test)]
mod tests;
