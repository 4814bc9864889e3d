//! What guardians may see of a child: grants and restrictions.

pub mod defaults;
pub mod family;
pub mod grants;
pub(crate) mod hidden;
pub mod map;
pub mod not_mine;
pub(crate) mod open;
mod reach;
pub mod restrictions;
pub mod views;

#[cfg(test)]
mod tests;
