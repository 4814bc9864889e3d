//! Which rows of a file are about one adult. It does not depend on their order, and never on a surname alone: adults are
//! one by the key of their system, by a name with an email address or a phone number, or by a name at one child.

use std::collections::HashMap;

use super::row::AdultSaid;
use crate::fold::romanise;
use crate::ids::PersonId;
use crate::roll::import::people::ImportedPerson;

/// An adult in one row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mention<'a> {
    /// The place of the row.
    pub(super) row: usize,
    /// What it says.
    pub(super) said: &'a AdultSaid,
}

/// Why two mentions are one adult.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    Key,
    Email,
    Phone,
    Child,
}

impl Why {
    /// The word in notes.
    pub(super) fn slug(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Child => "child",
        }
    }
}

/// The adults of a file: for each mention its group, and why it joined.
pub(super) struct Adults {
    /// The group of each mention.
    pub(super) group: Vec<usize>,
    /// The mentions of each group, in the order of the file.
    pub(super) members: Vec<Vec<usize>>,
    /// Why a mention joined others, if it did.
    pub(super) why: Vec<Option<Why>>,
}

/// Finds the adults. `children` are those of each row.
pub(super) fn find(mentions: &[Mention<'_>], children: &[Vec<PersonId>]) -> Adults {
    let mut sets = Sets { parent: (0..mentions.len()).collect(), why: vec![None; mentions.len()] };
    let mut by_key: HashMap<&str, usize> = HashMap::with_capacity(mentions.len());
    for (at, mention) in mentions.iter().enumerate() {
        for key in mention.said.keys() {
            let first = *by_key.entry(key).or_insert(at);
            sets.join(first, at, Why::Key);
        }
    }
    drop(by_key);
    let people =
        || mentions.iter().enumerate().filter_map(|(at, mention)| Some((at, mention.said.person.as_ref()?)));
    let emails = people().filter_map(|(at, person)| Some((person.email.value()?.comparable(), at)));
    sets.join_buckets(mentions, emails.collect(), Why::Email);
    let phones = people().filter_map(|(at, person)| Some((person.phone.value()?.as_str(), at)));
    sets.join_buckets(mentions, phones.collect(), Why::Phone);
    let of_children = people().flat_map(|(at, person)| {
        let name = person.family.value().or(person.given.value());
        let family = name.map_or_else(String::new, |name| romanise(name));
        children[mentions[at].row].iter().map(move |child| ((*child, family.clone()), at))
    });
    sets.join_buckets(mentions, of_children.collect(), Why::Child);
    sets.finish()
}

/// Sets of mentions that are one adult.
struct Sets {
    parent: Vec<usize>,
    why: Vec<Option<Why>>,
}

impl Sets {
    fn root(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize, why: Why) {
        let (first, second) = (self.root(one), self.root(other));
        if first == second {
            return;
        }
        let (low, high) = (first.min(second), first.max(second));
        self.parent[high] = low;
        let later = one.max(other);
        self.why[later] = self.why[later].or(Some(why));
    }

    /// Joins those who share something and have one name.
    fn join_buckets<K: Ord>(&mut self, mentions: &[Mention<'_>], mut shared: Vec<(K, usize)>, why: Why) {
        shared.sort_unstable();
        for bucket in shared.chunk_by(|(one, _), (other, _)| one == other).filter(|bucket| bucket.len() > 1) {
            let bucket: Vec<usize> = bucket.iter().map(|(_, at)| *at).collect();
            self.join_alike(mentions, &bucket, why);
        }
    }

    /// Joins those of a bucket who have one name: the same, or one whose given name is an initial, if only one other
    /// can be meant.
    fn join_alike(&mut self, mentions: &[Mention<'_>], bucket: &[usize], why: Why) {
        let mut named: Vec<(u64, &ImportedPerson, Vec<usize>)> = Vec::new();
        let mut places: HashMap<(u64, Option<&str>), usize> = HashMap::new();
        for at in bucket {
            let said = mentions[*at].said;
            let Some(person) = &said.person else { continue };
            let hash = person.name_hash();
            // Two keys of one system are two people, whatever else they share.
            let place = *places.entry((hash, said.keys().next())).or_insert_with(|| {
                named.push((hash, person, Vec::new()));
                named.len() - 1
            });
            named[place].2.push(*at);
        }
        for (_, _, same) in &named {
            for pair in same.windows(2) {
                self.join(pair[0], pair[1], why);
            }
        }
        if named.len() > NAMES {
            return;
        }
        let key = |of: &[usize]| of.first().and_then(|at| mentions[*at].said.keys().next());
        for (at, (hash, person, of)) in named.iter().enumerate() {
            let fits = |(other, (theirs, longer, those)): &(usize, &(u64, &ImportedPerson, Vec<usize>))| {
                let alike = theirs == hash || is_initial_of(person, longer);
                *other != at && alike && (key(of).is_none() || key(those).is_none())
            };
            let mut longer = named.iter().enumerate().filter(fits);
            if let (Some((_, (.., those))), None) = (longer.next(), longer.next())
                && let (Some(one), Some(other)) = (of.first(), those.first())
            {
                self.join(*one, *other, why);
            }
        }
    }

    fn finish(mut self) -> Adults {
        let mut numbers: HashMap<usize, usize> = HashMap::new();
        let mut members: Vec<Vec<usize>> = Vec::new();
        let mut group = Vec::with_capacity(self.parent.len());
        for at in 0..self.parent.len() {
            let root = self.root(at);
            let number = *numbers.entry(root).or_insert_with(|| {
                members.push(Vec::new());
                members.len() - 1
            });
            members[number].push(at);
            group.push(number);
        }
        Adults { group, members, why: self.why }
    }
}

/// The most names that share an address and are compared with each other.
const NAMES: usize = 20;

/// Whether a name is another one with its given name shortened: "M. Varga" of "Mara Varga".
pub(super) fn is_initial_of(short: &ImportedPerson, long: &ImportedPerson) -> bool {
    let [family, other] = [short, long].map(|of| of.family.value().map(|family| romanise(family)));
    let [given, whole] = [short, long].map(|of| of.given.value().map(|given| romanise(given)));
    let (Some(given), Some(whole)) = (given, whole) else { return false };
    family.is_some() && family == other && is_initial(&given, &whole)
}

/// Whether a given name is the first letter of another one, both in Latin letters.
pub(super) fn is_initial(given: &str, whole: &str) -> bool {
    given.chars().count() == 1 && whole.chars().count() > 1 && whole.starts_with(given)
}
