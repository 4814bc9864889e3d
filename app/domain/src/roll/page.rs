//! A page of a list of students, and the counts beside its filters.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::status::RollStatus;
use super::views::RollRow;
use crate::ids::PersonId;

/// The number of rows on a page.
pub const PAGE_SIZE: usize = 50;

/// The row after which a page starts. Stays correct when rows before it are added or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollCursor {
    /// See [`crate::fold::sort_key`].
    pub sort_key: String,
    /// Orders people with the same name.
    pub person: PersonId,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollPage {
    /// At most [`PAGE_SIZE`] rows.
    #[serde(with = "super::snapshot::rows_as_text")]
    pub rows: Vec<RollRow>,
    /// How many rows match the filter in total.
    pub total: u32,
    /// How many rows come before this page.
    pub before: u32,
    /// The counts beside the filters.
    pub facets: RollFacets,
    /// Where the next page starts, if there is one.
    pub next: Option<RollCursor>,
}

/// The possible values of each part of a filter, given its other parts. Account statuses are not included: no
/// menu shows them, and deriving everyone's would take longer than all the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollFacets {
    /// Year groups that have students, whatever the search words, in natural order: a menu's choices do not
    /// change as someone types.
    pub years: Vec<String>,
    /// Registration groups, in the same way.
    pub groups: Vec<String>,
    /// All roll statuses, with the number of students each would show.
    pub rolls: Vec<(RollStatus, u32)>,
}

/// Natural order of labels: digits are compared as numbers, so that "7B" comes before "10A".
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

/// The run of digits or of other characters at the start of a text.
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
