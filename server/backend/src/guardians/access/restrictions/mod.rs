//! Restrictions: what an adult may not see of a child. They win over every grant. What opens again takes two people.

pub mod approvers;
pub mod change;
mod effects;
pub mod lift;
pub mod loosen;
pub mod narrow;
pub mod record;
pub mod review;
pub(crate) mod upkeep;
