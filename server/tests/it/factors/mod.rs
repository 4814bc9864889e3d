//! Second factors and the step-up, through the router.

pub mod passkeys;
pub mod second_factors;
pub mod step_up;
