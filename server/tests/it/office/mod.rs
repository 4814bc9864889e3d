//! The pages of the office, through the router.

mod crowding;
mod naughty_names;
