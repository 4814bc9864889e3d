//! Finding all likely duplicates among the adults of an organisation.

use std::collections::HashSet;

use super::adult::Adult;
use super::crowd::Crowd;
use super::evidence::Evidence;
use super::judge::{Judgement, Verdict, judge};
use super::keys::{keys, second_keys};
use crate::ids::PersonId;

/// A block of more people than this is split by a second fact.
const LARGEST_BLOCK: usize = 50;

/// Two people who may be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LikelyPair {
    /// The one with the lower id.
    pub a: PersonId,
    /// The other.
    pub b: PersonId,
    /// What was found.
    pub found: Judgement,
}

#[expect(clippy::implicit_hasher, reason = "only the standard hasher is used")]
/// Finds all pairs that are the same or have to be asked about, in the order of their ids. `office` are the addresses and
/// numbers of schools. The order of the adults makes no difference.
pub fn likely_pairs(adults: Vec<Adult>, office: HashSet<String>) -> Vec<LikelyPair> {
    let adults = in_order(adults);
    let crowd = Crowd::of(&adults, office);
    judged(&adults, &crowd, |_| true)
}

#[expect(clippy::implicit_hasher, reason = "only the standard hasher is used")]
/// Finds the pairs of which at least one is in `chosen`. `near` are these and all who share something with one of them; how
/// often a name occurs among so few says nothing.
pub fn likely_pairs_of(
    chosen: &HashSet<PersonId>,
    near: Vec<Adult>,
    office: HashSet<String>,
) -> Vec<LikelyPair> {
    let adults = in_order(near);
    let crowd = Crowd::without_names(&adults, office);
    judged(&adults, &crowd, |pair| pair.iter().any(|adult| chosen.contains(&adult.person)))
}

fn in_order(mut adults: Vec<Adult>) -> Vec<Adult> {
    adults.sort_unstable_by_key(|adult| adult.person);
    adults.dedup_by_key(|adult| adult.person);
    adults
}

fn judged(adults: &[Adult], crowd: &Crowd, wanted: impl Fn([&Adult; 2]) -> bool) -> Vec<LikelyPair> {
    candidates(adults)
        .into_iter()
        .map(|(a, b)| [&adults[a], &adults[b]])
        .filter(|pair| wanted(*pair) && !is_family(*pair))
        .filter_map(|[a, b]| {
            let found = judge(a, b, crowd);
            is_asked(&found).then_some(LikelyPair { a: a.person, b: b.person, found })
        })
        .collect()
}

/// Whether it is worth a question. A name that many have is none: of 2,000 adults a thousand pairs have one.
fn is_asked(found: &Judgement) -> bool {
    found.is_more_than_a_name()
        || found.verdict > Verdict::Different && found.evidence.contains(&Evidence::RareFamily)
}

/// Whether one is a contact of the other, so that they are two people: a grown child, or a student of the same name.
fn is_family([a, b]: [&Adult; 2]) -> bool {
    let is_child_of =
        |child: &Adult, adult: &Adult| adult.children.iter().any(|link| link.child == child.person);
    is_child_of(a, b) || is_child_of(b, a)
}

/// Which adults to compare, by their positions.
fn candidates(adults: &[Adult]) -> Vec<(usize, usize)> {
    let mut keyed: Vec<(u64, usize)> = Vec::with_capacity(adults.len() * 6);
    for (at, adult) in adults.iter().enumerate() {
        keys(adult, |key| keyed.push((key, at)));
    }
    let mut pairs = Vec::new();
    let mut split: Vec<(u64, usize)> = Vec::new();
    for_each_block(&mut keyed, |key, block| {
        if block.len() <= LARGEST_BLOCK {
            add_pairs(block, &mut pairs);
        } else {
            for (_, at) in block {
                second_keys(&adults[*at], key, |key| split.push((key, *at)));
            }
        }
    });
    for_each_block(&mut split, |_, block| {
        if block.len() <= LARGEST_BLOCK {
            add_pairs(block, &mut pairs);
        }
    });
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

fn for_each_block(keyed: &mut Vec<(u64, usize)>, mut on: impl FnMut(u64, &[(u64, usize)])) {
    keyed.sort_unstable();
    keyed.dedup();
    for block in keyed.chunk_by(|one, other| one.0 == other.0) {
        on(block[0].0, block);
    }
}

fn add_pairs(block: &[(u64, usize)], pairs: &mut Vec<(usize, usize)>) {
    for (nth, (_, a)) in block.iter().enumerate() {
        pairs.extend(block[nth + 1..].iter().map(|(_, b)| (*a, *b)));
    }
}
