//! Sorting places of a list.

use std::cmp::Ordering;

/// Sorts positions, equal ones as they stand. The comparison is called through a pointer, so that there is one sort for all
/// lists: each kind of comparison would otherwise bring one of its own, of up to 9 kB, to the browser (decision 0009).
pub fn sort_positions(positions: &mut [u32], order: &mut dyn FnMut(u32, u32) -> Ordering) {
    positions.sort_by(|a, b| order(*a, *b));
}
