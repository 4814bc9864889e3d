//! Sorts positions in a list.

use std::cmp::Ordering;

/// Sorts positions; equal ones keep their order. The comparison is called through a pointer so that all lists
/// share one sort: a generic one would send up to 9 kB per comparison to the browser (decision 0009).
pub fn sort_positions(positions: &mut [u32], order: &mut dyn FnMut(u32, u32) -> Ordering) {
    positions.sort_by(|a, b| order(*a, *b));
}
