//! Adults who may be in Greencap twice: what speaks for and against it, and what follows.
//!
//! Points add up to a verdict, with rules over them. Nothing here joins two people: a verdict is a question for the office,
//! or lets an import add a link to an adult who is known.

pub mod adult;
pub mod crowd;
pub mod evidence;
pub mod fields;
mod given;
pub mod judge;
mod keys;
pub mod likely;
pub mod merge;
mod names;
pub mod obstacle;
pub mod pair;
mod phone;
#[cfg(test)]
mod tests;
mod variants;
