//! Signing in, through the router.

mod guessing;
mod sharing;
mod signing_in;
