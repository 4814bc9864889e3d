//! Restrictions: what an adult may not see of a child. They win over every grant, and lifting one takes two people.

mod effects;
pub mod lift;
pub mod record;
pub mod review;
pub(crate) mod upkeep;
