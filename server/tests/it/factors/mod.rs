//! Second factors and confirming who you are, through the router.

pub mod passkeys;
pub mod second_factors;
pub mod step_up;
