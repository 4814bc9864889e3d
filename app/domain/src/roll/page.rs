//! A page of a list of students, and the figures beside its filters.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::status::RollStatus;
use super::views::RollRow;
use crate::ids::PersonId;

/// How many rows a page holds.
pub const PAGE_SIZE: usize = 50;

/// Where a page begins: after this row. It stays right when rows before it come or go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollCursor {
    /// See [`crate::fold::sort_key`].
    pub sort_key: String,
    /// Tells those of one name apart.
    pub person: PersonId,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollPage {
    /// At most [`PAGE_SIZE`].
    #[serde(with = "super::snapshot::rows_as_text")]
    pub rows: Vec<RollRow>,
    /// How many match the filter in all.
    pub total: u32,
    /// How many rows stand before this page.
    pub before: u32,
    /// The figures beside the filters.
    pub facets: RollFacets,
    /// Where the next page begins, if there is one.
    pub next: Option<RollCursor>,
}

/// What each part of a filter could be, the other parts as they stand. Account statuses are not among them: no menu
/// tells, and working out everyone's would take longer than all the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollFacets {
    /// Year groups that someone is in, whatever words are searched for, in natural order: a menu does not change its
    /// choices while someone types.
    pub years: Vec<String>,
    /// Registration groups, likewise.
    pub groups: Vec<String>,
    /// Roll statuses, all of them, and how many students each would show.
    pub rolls: Vec<(RollStatus, u32)>,
}

/// The order in which people expect labels: runs of digits by their number, so that "7B" comes before "10A".
pub fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let (x, y) = (run(left), run(right));
        if x.is_empty() || y.is_empty() {
            return x.len().cmp(&y.len()).then_with(|| a.cmp(b));
        }
        let digits = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
        let order = if digits(x) && digits(y) {
            let (x, y) = (x.trim_start_matches('0'), y.trim_start_matches('0'));
            x.len().cmp(&y.len()).then_with(|| x.cmp(y))
        } else {
            x.cmp(y)
        };
        if order != Ordering::Equal {
            return order;
        }
        (left, right) = (&left[x.len()..], &right[y.len()..]);
    }
}

/// The run of digits or of other signs that a text begins with.
fn run(text: &str) -> &str {
    let digit = text.starts_with(|c: char| c.is_ascii_digit());
    let end = text.find(|c: char| c.is_ascii_digit() != digit).unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn years_come_in_the_order_of_their_numbers() {
        let mut labels = ["10A", "7B", "10", "R", "07A", "9", "7A"];
        labels.sort_by(|a, b| natural(a, b));
        assert_eq!(labels, ["07A", "7A", "7B", "9", "10", "10A", "R"]);
    }

    proptest! {
        #[test]
        fn the_order_is_total(a in "[0-9a-c ]{0,6}", b in "[0-9a-c ]{0,6}", c in "[0-9a-c ]{0,6}") {
            prop_assert_eq!(natural(&a, &b), natural(&b, &a).reverse());
            prop_assert_eq!(natural(&a, &b) == Ordering::Equal, a == b);
            if natural(&a, &b).is_le() && natural(&b, &c).is_le() {
                prop_assert!(natural(&a, &c).is_le());
            }
        }
    }
}
