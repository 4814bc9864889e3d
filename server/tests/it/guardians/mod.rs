//! Guardians, through the router.

mod activating;
mod family;
mod missing;
