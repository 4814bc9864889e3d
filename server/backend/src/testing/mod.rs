//! What tests share: a clock that can be set, randomness that repeats, and people to work with.

mod clock;
mod factory;

pub use clock::{FixedClock, SeededRandom};
pub use factory::{TestSchool, account, active_account, backend, staff_role, student};
