//! Which rows of the roll a list shows. The same filter runs in SQL on the server and on the snapshot in the
//! browser.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::credentials::status::StatusGroup;
use crate::ids::{BatchId, GroupId};
use crate::roll::status::RollStatus;
use crate::roll::views::RollRow;

/// A filter, as written in a page's address. Empty fields do not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RollFilter {
    /// Words from a name, admission number or username, in any order, accents ignored.
    pub q: String,
    /// Year group, as the school writes it.
    pub year: String,
    /// Registration group, as the school writes it.
    pub group: String,
    /// Roll statuses; empty means all.
    pub roll: Vec<RollStatus>,
    /// Account statuses; empty means all.
    pub status: Vec<StatusGroup>,
    /// The batch or the teaching group of the people, as [`RollPart`] writes it. The server applies it: a browser gets
    /// only their rows.
    pub of: String,
}

/// Some people of a roll, as an address names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RollPart {
    /// Those whose accounts were created together.
    Batch(BatchId),
    /// The members of a teaching group.
    Group(GroupId),
}

impl RollPart {
    /// Reads it; `None` if it is none.
    pub fn read(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once('.')?;
        match kind {
            "batch" => Some(Self::Batch(id.parse().ok()?)),
            "group" => Some(Self::Group(id.parse().ok()?)),
            _ => None,
        }
    }
}

impl RollFilter {
    /// The words that every match must contain, each at the start of a word.
    pub fn words(&self) -> Vec<String> {
        crate::fold::fold(&self.q).split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect()
    }

    /// Whether the filter is empty.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a row matches at `now`. `words` are [`Self::words`], computed once for many rows.
    pub fn matches(&self, row: &RollRow, words: &[String], now: DateTime<Utc>) -> bool {
        (self.year.is_empty() || self.year == row.year)
            && (self.group.is_empty() || self.group == row.group)
            && (self.roll.is_empty() || self.roll.contains(&row.roll))
            && (self.status.is_empty() || self.status.contains(&row.group(now)))
            && Self::matches_words(&row.search, words)
    }

    /// Whether a search key (see [`crate::fold::search_key`]) matches every word in `words`.
    pub fn matches_words(search_key: &str, words: &[String]) -> bool {
        words.iter().all(|word| {
            search_key
                .match_indices(word.as_str())
                .any(|(at, _)| at > 0 && search_key.as_bytes()[at - 1] == b' ')
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_start_a_word_in_any_order() {
        let key = crate::fold::search_key("Bartłomiej", "", "Wilczarek", "", "004512");
        let found = |q: &str| {
            let filter = RollFilter { q: q.to_owned(), ..RollFilter::default() };
            RollFilter::matches_words(&key, &filter.words())
        };
        assert!(found("wil bart") && found("BARTŁ") && found("0045") && found(""));
        assert!(!found("czarek") && !found("wil anna"));
    }
}
