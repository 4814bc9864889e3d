//! Likely duplicates: the board, a merge, the merges that were made, their undo, and a split. None needs WebAssembly.

pub mod board;
pub mod merge;
pub mod merges;
pub mod split;
pub mod undo;

/// The address of the board, and its name.
const BOARD: (&str, &str) = ("/guardians/duplicates", "Likely duplicates");

/// The address of the merges that were made, and their name.
const MERGES: (&str, &str) = ("/guardians/duplicates/merges", "Merges");
