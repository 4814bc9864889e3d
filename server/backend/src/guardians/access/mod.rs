//! What guardians may see of a child: grants and restrictions.

pub mod defaults;
pub mod not_mine;
pub(crate) mod open;
mod reach;
