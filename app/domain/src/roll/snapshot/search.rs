//! Filters, counts and sorts a roll in memory. [`RollFilter::matches`] is the rule for a single row; this
//! does the same on columns, without building rows.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::texts::Labels;
use super::{NEVER, RollSnapshot};
use crate::credentials::status::StatusGroup;
use crate::lists::positions::sort_positions;
use crate::roll::filter::RollFilter;
use crate::roll::page::{RollFacets, natural};
use crate::roll::status::RollStatus;

/// The sort order of a list. Equal rows stay in order of name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RollSort {
    /// Family name, then given name.
    #[default]
    Name,
    /// Admission number, with digits compared as numbers.
    Number,
    /// Year group, then registration group, with digits compared as numbers.
    Group,
    /// Username; students without one are last.
    Username,
    /// Status, in the order in which people pass through them.
    Status,
    /// Last sign-in, latest first; students who never signed in are last.
    LastSignIn,
}

/// A filter prepared for one snapshot and one moment, without its words.
struct PreparedFilter<'a> {
    snapshot: &'a RollSnapshot,
    year: RequiredLabel,
    group: RequiredLabel,
    rolls: [bool; 3],
    statuses: [bool; 6],
    any_status: bool,
    now: DateTime<Utc>,
}

/// The label that a filter requires.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RequiredLabel {
    Any,
    One(u32),
    /// A label that no row has.
    Nobody,
}

impl RequiredLabel {
    fn label(name: &str, labels: &Labels) -> Self {
        match labels.number(name) {
            _ if name.is_empty() => Self::Any,
            Some(number) => Self::One(number),
            None => Self::Nobody,
        }
    }

    fn takes(self, number: u32) -> bool {
        self == Self::Any || self == Self::One(number)
    }
}

/// Parts of a filter that a row does not match, as bits.
mod part {
    pub(super) const YEAR: u8 = 1;
    pub(super) const GROUP: u8 = 2;
    pub(super) const ROLL: u8 = 4;
    pub(super) const STATUS: u8 = 8;
}

impl<'a> PreparedFilter<'a> {
    fn new(snapshot: &'a RollSnapshot, filter: &RollFilter, now: DateTime<Utc>) -> Self {
        Self {
            snapshot,
            year: RequiredLabel::label(&filter.year, &snapshot.years),
            group: RequiredLabel::label(&filter.group, &snapshot.groups),
            rolls: RollStatus::ALL.map(|roll| filter.roll.is_empty() || filter.roll.contains(&roll)),
            statuses: StatusGroup::ALL
                .map(|status| filter.status.is_empty() || filter.status.contains(&status)),
            any_status: filter.status.is_empty(),
            now,
        }
    }

    fn year(&self, row: usize) -> bool {
        self.year.takes(self.snapshot.years.number_of(row))
    }

    fn group(&self, row: usize) -> bool {
        self.group.takes(self.snapshot.groups.number_of(row))
    }

    fn roll(&self, row: usize) -> bool {
        self.rolls[self.snapshot.rolls[row] as usize]
    }

    fn status(&self, row: usize) -> bool {
        self.any_status || self.statuses[self.snapshot.group(row, self.now) as usize]
    }

    /// Returns the parts that a row does not match, other than words, as bits of [`part`].
    fn fails(&self, row: usize) -> u8 {
        [
            (part::YEAR, self.year(row)),
            (part::GROUP, self.group(row)),
            (part::ROLL, self.roll(row)),
            (part::STATUS, self.status(row)),
        ]
        .into_iter()
        .filter(|(_, passes)| !passes)
        .fold(0, |bits, (bit, _)| bits | bit)
    }
}

/// The result of a filter without its words. It stays the same as someone types.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// The parts that each row does not match, as bits of [`part`].
    fails: Vec<u8>,
    years: Vec<String>,
    groups: Vec<String>,
}

/// The result of a filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RollMatches {
    /// The positions of matching rows, in order of name.
    pub rows: Vec<u32>,
    /// The possible values of each part. A part ignores itself, so that a menu of years offers the other
    /// years too.
    pub facets: RollFacets,
}

impl RollSnapshot {
    /// Filters and counts.
    pub fn find(&self, filter: &RollFilter, now: DateTime<Utc>) -> RollMatches {
        self.search(&self.narrow(filter, now), &filter.words())
    }

    /// Applies a filter without its words.
    pub fn narrow(&self, filter: &RollFilter, now: DateTime<Utc>) -> Narrowed {
        let ready = PreparedFilter::new(self, filter, now);
        let mut years = vec![false; self.years.names().len()];
        let mut groups = vec![false; self.groups.names().len()];
        let fails = (0..self.len())
            .map(|row| {
                let fails = ready.fails(row);
                years[self.years.number_of(row) as usize] |= fails & !part::YEAR == 0;
                groups[self.groups.number_of(row) as usize] |= fails & !part::GROUP == 0;
                fails
            })
            .collect();
        let (years, groups) = (held(self.years.names(), &years), held(self.groups.names(), &groups));
        Narrowed { fails, years, groups }
    }

    /// Searches for words ([`RollFilter::words`]) in the filtered rows, and counts.
    pub fn search(&self, narrowed: &Narrowed, words: &[String]) -> RollMatches {
        let mut found = Vec::new();
        let mut rolls = [0u32; 3];
        for (position, fails) in (0u32..).zip(&narrowed.fails) {
            let row = position as usize;
            if fails & !part::ROLL != 0 || !self.has(row, words) {
                continue;
            }
            if *fails == 0 {
                found.push(position);
            }
            rolls[self.rolls[row] as usize] += 1;
        }
        let facets = RollFacets {
            years: narrowed.years.clone(),
            groups: narrowed.groups.clone(),
            rolls: RollStatus::ALL.into_iter().zip(rolls).collect(),
        };
        RollMatches { rows: found, facets }
    }

    /// Whether each of these words starts a word of the row.
    fn has(&self, row: usize, words: &[String]) -> bool {
        if words.is_empty() {
            return true;
        }
        let starts = &self.word_starts[self.first_word(row)..self.word_ends[row] as usize];
        let text = &self.keys.all()[..self.keys.span(row).1];
        words.iter().all(|word| {
            let word = word.as_bytes();
            // Most words differ in the first letter, which is quick to compare.
            let begins = |at: usize| text.get(at) == word.first() && text[at..].starts_with(word);
            starts.iter().any(|at| begins(*at as usize))
        })
    }

    /// Sorts positions. `descending` reverses the order, but rows without a value stay last.
    pub fn sort(&self, rows: &mut [u32], by: RollSort, descending: bool, now: DateTime<Utc>) {
        let turn = |order: Ordering| if descending { order.reverse() } else { order };
        match by {
            RollSort::Name => sort_positions(rows, &mut |a, b| turn(a.cmp(&b))),
            RollSort::Number => sort_positions(rows, &mut |a, b| {
                turn(natural(self.numbers.get(a as usize), self.numbers.get(b as usize)))
            }),
            RollSort::Group => {
                let (years, groups) = (ranks(self.years.names()), ranks(self.groups.names()));
                let key = |row: u32| {
                    let row = row as usize;
                    (years[self.years.number_of(row) as usize], groups[self.groups.number_of(row) as usize])
                };
                sort_positions(rows, &mut |a, b| turn(key(a).cmp(&key(b))));
            }
            RollSort::Username => sort_positions(rows, &mut |a, b| {
                let [a, b] = [a, b].map(|row| self.usernames.get(row as usize));
                a.is_empty().cmp(&b.is_empty()).then_with(|| turn(a.cmp(b)))
            }),
            RollSort::Status => {
                // Computed once per row.
                let mut ranks = vec![0; self.accounts.len()];
                for row in rows.iter() {
                    ranks[*row as usize] = self.status(*row as usize, now) as u8;
                }
                sort_positions(rows, &mut |a, b| turn(ranks[a as usize].cmp(&ranks[b as usize])));
            }
            RollSort::LastSignIn => {
                let at =
                    |row: u32| self.accounts[row as usize].map_or(NEVER, |account| account.last_sign_in_at);
                sort_positions(rows, &mut |a, b| {
                    let (a, b) = (at(a), at(b));
                    // Latest first.
                    (a == NEVER).cmp(&(b == NEVER)).then_with(|| turn(b.cmp(&a)))
                });
            }
        }
    }
}

/// The non-empty names that are in use, in natural order.
fn held(names: &[String], is_held: &[bool]) -> Vec<String> {
    let mut order: Vec<u32> = (0u32..)
        .zip(names.iter().zip(is_held))
        .filter(|(_, (name, is_held))| **is_held && !name.is_empty())
        .map(|(at, _)| at)
        .collect();
    sort_positions(&mut order, &mut |a, b| natural(&names[a as usize], &names[b as usize]));
    order.into_iter().map(|at| names[at as usize].clone()).collect()
}

/// The rank of each name in natural order.
fn ranks(names: &[String]) -> Vec<u32> {
    let mut order: Vec<u32> = (0u32..).zip(names).map(|(at, _)| at).collect();
    sort_positions(&mut order, &mut |a, b| natural(&names[a as usize], &names[b as usize]));
    let mut ranks = vec![0; names.len()];
    for (rank, at) in (0u32..).zip(order) {
        ranks[at as usize] = rank;
    }
    ranks
}
