//! Files on their way to the roll.

pub mod outcome;
