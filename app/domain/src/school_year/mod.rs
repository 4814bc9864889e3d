//! What becomes of access over the years: accounts follow the roll, have days on which they can be used, and a school
//! moves to its next year. Every rule gets the day passed in.

pub mod exceptions;
pub mod follow;
pub mod night;
pub mod rollover;
pub mod settings;
pub mod validity;
pub mod years;
