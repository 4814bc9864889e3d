//! Rows that take from each other. Where some columns of a file were sorted and others were not, every number still
//! has a row, but with the name or the date of birth of somebody else. One row alone looks like a marriage or a
//! correction. Beside the others it does not: what it gains is what another row loses.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::kind::ImportKind;
use super::who::{Matches, NameMatch};

/// What goes from one row to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CrossedFact {
    /// The whole name: another row has it.
    Name,
    /// The given name.
    GivenName,
    /// The family name.
    FamilyName,
    /// The date of birth.
    BirthDate,
}

/// A row that takes something from another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crossing {
    /// What.
    pub fact: CrossedFact,
    /// The other row.
    pub row: u32,
}

/// A fact that a row changes in the person with its key. The values are hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactChange {
    /// The fact.
    pub fact: CrossedFact,
    /// What it was.
    pub from: u64,
    /// What it becomes.
    pub to: u64,
    /// Whether the two are so near that one is a slip for the other.
    pub is_slip: bool,
}

/// What the rows of a file change in the people with their keys.
#[derive(Debug, Default)]
pub(super) struct Changes {
    of_rows: Vec<(u32, FactChange)>,
    /// Rows that give another name to the person with their key, and the name that the person has.
    leaving: Vec<(u32, u64)>,
    /// The first row with a name that is not that of the person with its key, and whether there is such a person.
    arriving: HashMap<u64, (u32, bool)>,
}

impl Changes {
    /// Notes what a row changes. What was decided about it does not matter.
    pub(super) fn note<K: ImportKind>(
        &mut self,
        number: u32,
        row: &K::Row,
        matches: &Matches<'_, K::Current>,
    ) {
        let (name, _) = K::person_hash(row);
        let Some(holder) = matches.keyed else {
            self.arriving.entry(name).or_insert((number, false));
            return;
        };
        if K::identity(holder).is_none() {
            return;
        }
        self.of_rows.extend(K::changes(row, holder).into_iter().map(|change| (number, change)));
        if K::resemblance(row, holder).name != NameMatch::Same {
            self.leaving.push((number, K::name_hash(holder)));
            self.arriving.entry(name).or_insert((number, true));
        }
    }

    /// The rows that take something from another one, and which.
    pub(super) fn crossings(&self) -> HashMap<u32, Crossing> {
        let mut found = HashMap::new();
        for (row, name) in &self.leaving {
            let Some((other, is_known)) = self.arriving.get(name).filter(|(other, _)| other != row) else {
                continue;
            };
            found.insert(*row, Crossing { fact: CrossedFact::Name, row: *other });
            if !is_known {
                found.entry(*other).or_insert(Crossing { fact: CrossedFact::Name, row: *row });
            }
        }
        // Of what is only moved, everything that one row gains another one loses, and the other way round.
        let gained: HashSet<_> = self.of_rows.iter().map(|(_, change)| (change.fact, change.to)).collect();
        let lost: HashMap<_, _> =
            self.of_rows.iter().rev().map(|(row, change)| ((change.fact, change.from), *row)).collect();
        for (row, change) in self.of_rows.iter().filter(|(_, change)| !change.is_slip) {
            let of = lost.get(&(change.fact, change.to));
            if let Some(other) = of.filter(|_| gained.contains(&(change.fact, change.from))) {
                found.entry(*row).or_insert(Crossing { fact: change.fact, row: *other });
            }
        }
        found
    }
}

#[cfg(test)]
mod tests;
