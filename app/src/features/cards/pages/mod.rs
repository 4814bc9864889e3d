//! Their pages: the question, the cards, and the piles that were printed. None needs WebAssembly.

pub mod ask;
pub mod made;
pub mod pile;
pub mod piles;

/// The list of piles, and its name.
pub const PILES: (&str, &str) = ("/cards", "Printed passwords");
