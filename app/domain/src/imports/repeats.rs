//! Rows of one file that have the same key. About one person, they are enrolments or employments: the newest counts,
//! the others are history, in any order of rows. What the dates do not say is asked. About different people, nothing says
//! which of them has the key, so that is asked too.
//!
//! Most files repeat no key. So rows are grouped only once a key was found twice: all rows of such keys are read
//! again, and each group is planned when its first row is reached.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher as _};

use chrono::NaiveDate;

use super::held::{ChoiceKind, Choices, HeldChoice, HeldReason, HeldRow};
use super::kind::ImportKind;
use super::plan::ReadRow;

/// The most different rows of one key that are compared. More mean that the column is no key.
const MOST: usize = 50;

/// When the enrolment or employment of a row begins and ends, as far as the row says it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub starts_on: Option<NaiveDate>,
    /// The last day.
    pub ends_on: Option<NaiveDate>,
}

impl Period {
    fn has_ended(self, day: NaiveDate) -> bool {
        self.ends_on.is_some_and(|end| end < day)
    }

    fn is_current(self, day: NaiveDate) -> bool {
        !self.has_ended(day) && self.starts_on.is_none_or(|start| start <= day)
    }

    /// Whether it is clearly newer than another one, seen on a day: it starts later, or if that is not known, it lasts
    /// and the other has ended. Of two that contradict each other in this, neither is newer.
    pub fn is_newer(self, other: Self, day: NaiveDate) -> bool {
        match self.starts_on.zip(other.starts_on) {
            Some((own, others)) if own > others => self.is_current(day) || !other.is_current(day),
            Some((own, others)) if own < others => false,
            Some(_) => !self.has_ended(day) && other.has_ended(day),
            None if self.has_ended(day) => {
                other.ends_on.is_some_and(|others| self.ends_on.is_some_and(|own| own > others))
            }
            None => other.has_ended(day),
        }
    }
}

/// What a row of a group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowRole {
    /// The newest: the one that counts.
    Main,
    /// An earlier one of the same person.
    Earlier,
    /// The same as an earlier row of the file.
    Same(u32),
    /// One of so many that the column is no key; this row is the first.
    Another(u32),
    /// About another person than this row, to which the office gave the key.
    Apart(u32),
    /// Left out by a decision.
    LeftOut,
    /// One of those that may be the newest.
    Asked,
    /// An earlier one, while it is not decided which is the newest: this row or another.
    Waits(u32),
}

/// The rows of one key.
pub(super) struct Group<R> {
    /// The rows with their numbers and what they are, in the order of the file.
    pub(super) rows: Vec<(u32, R, RowRole)>,
}

impl<R> Default for Group<R> {
    fn default() -> Self {
        Self { rows: Vec::new() }
    }
}

impl<R> Group<R> {
    /// The row that counts; `None` if that is not decided.
    pub(super) fn main(&self) -> Option<&R> {
        self.rows.iter().find(|(.., role)| *role == RowRole::Main).map(|(_, row, _)| row)
    }
}

/// The groups of a file.
pub struct Groups<K: ImportKind> {
    groups: Vec<Group<K::Row>>,
    /// The group of each row that is in one, by its number.
    of: HashMap<u32, usize>,
}

impl<K: ImportKind> Default for Groups<K> {
    fn default() -> Self {
        Self { groups: Vec::new(), of: HashMap::new() }
    }
}

impl<K: ImportKind> Groups<K> {
    /// Whether a row is in a group.
    pub(super) fn has(&self, number: u32) -> bool {
        self.of.contains_key(&number)
    }

    /// The group of a row, if it is in one that was not taken.
    pub(super) fn of(&self, number: u32) -> Option<&Group<K::Row>> {
        self.of.get(&number).and_then(|at| self.groups.get(*at))
    }

    /// Takes the group of a row, to plan it. It is empty afterwards.
    pub(super) fn take(&mut self, number: u32) -> Group<K::Row> {
        let group = self.of.get(&number).and_then(|at| self.groups.get_mut(*at));
        group.map(std::mem::take).unwrap_or_default()
    }
}

/// Finds the groups of a file in two readings: the first finds the keys, the second gathers their rows.
pub struct GroupFinder<K: ImportKind> {
    seen: HashMap<Box<str>, u64>,
    repeated: HashSet<Box<str>>,
    /// Rows that are about the same person as another one although their keys differ, by decision.
    joined: Vec<(u32, u32)>,
    /// All these rows.
    are_joined: HashSet<u32>,
    rows: HashMap<Box<str>, Vec<(u32, K::Row)>>,
}

impl<K: ImportKind> GroupFinder<K> {
    /// Begins with what the office has decided.
    pub fn new(choices: &Choices) -> Self {
        let mut joined: Vec<(u32, u32)> = choices.joined().collect();
        joined.sort_unstable();
        let are_joined = joined.iter().flat_map(|(one, other)| [*one, *other]).collect();
        Self { seen: HashMap::new(), repeated: HashSet::new(), joined, are_joined, rows: HashMap::new() }
    }

    /// Looks at a row in the first reading.
    pub fn look(&mut self, read: &ReadRow<K::Row>) {
        let Some(row) = read.row() else { return };
        let (key, said) = (K::key(row), hash_of(row));
        if self.are_joined.contains(&read.number()) {
            self.repeated.insert(key.into());
        }
        match self.seen.get(key) {
            None => drop(self.seen.insert(key.into(), said)),
            Some(first) if *first == said => {}
            Some(_) => drop(self.repeated.insert(key.into())),
        }
    }

    /// Whether the second reading is needed.
    pub fn found(&self) -> bool {
        !self.repeated.is_empty()
    }

    /// Gathers a row in the second reading.
    pub fn gather(&mut self, read: &ReadRow<K::Row>) {
        let Some(row) = read.row() else { return };
        if let Some(key) = self.repeated.get(K::key(row)) {
            self.rows.entry(key.clone()).or_default().push((read.number(), row.clone()));
        }
    }

    /// The groups, with what the office has decided about their rows. `day` is that of the file.
    pub fn groups(self, choices: &Choices, day: NaiveDate) -> Groups<K> {
        let mut groups = Groups::default();
        let joined = self.joined.iter().flat_map(|(one, other)| [(*one, *other), (*other, *one)]).collect();
        for rows in merged(self.rows.into_values().collect(), &self.joined) {
            let roles = roles::<K>(&rows, choices, &joined, day);
            let rows = rows.into_iter().zip(roles).map(|((number, row), role)| (number, row, role));
            let group = Group { rows: rows.collect() };
            groups.of.extend(group.rows.iter().map(|(number, ..)| (*number, groups.groups.len())));
            groups.groups.push(group);
        }
        groups
    }
}

pub(super) fn hash_of(row: &impl Hash) -> u64 {
    let mut said = DefaultHasher::new();
    row.hash(&mut said);
    said.finish()
}

/// Merges the lists of rows that are joined.
fn merged<R>(mut lists: Vec<Vec<(u32, R)>>, joined: &[(u32, u32)]) -> Vec<Vec<(u32, R)>> {
    let mut of: HashMap<u32, usize> = HashMap::new();
    for (at, rows) in lists.iter().enumerate() {
        of.extend(rows.iter().map(|(number, _)| (*number, at)));
    }
    for (one, other) in joined {
        let Some((one, other)) = of.get(one).copied().zip(of.get(other).copied()) else { continue };
        if one == other {
            continue;
        }
        // The shorter list moves, so that no row moves often.
        let (from, to) = if lists[one].len() < lists[other].len() { (one, other) } else { (other, one) };
        let moved = std::mem::take(&mut lists[from]);
        of.extend(moved.iter().map(|(number, _)| (*number, to)));
        lists[to].extend(moved);
    }
    for rows in &mut lists {
        rows.sort_unstable_by_key(|(number, _)| *number);
    }
    lists
}

/// Finds what each row of one key is.
fn roles<K: ImportKind>(
    rows: &[(u32, K::Row)],
    choices: &Choices,
    joined: &HashSet<(u32, u32)>,
    day: NaiveDate,
) -> Vec<RowRole> {
    let number = |at: usize| rows[at].0;
    let decided = |at: usize| choices.of(number(at), HeldReason::SameKey).map(|choice| choice.kind);
    let mut roles: Vec<Option<RowRole>> = vec![None; rows.len()];
    let mut said = HashMap::new();
    for (at, (of, row)) in rows.iter().enumerate() {
        roles[at] = if let Some(first) = said.get(&hash_of(row)) {
            Some(RowRole::Same(*first))
        } else {
            said.insert(hash_of(row), *of);
            (decided(at) == Some(ChoiceKind::LeaveOut)).then_some(RowRole::LeftOut)
        };
    }
    let open: Vec<usize> = (0..rows.len()).filter(|at| roles[*at].is_none()).collect();
    let Some(first) = open.first().copied() else {
        return roles.into_iter().map(|role| role.unwrap_or(RowRole::LeftOut)).collect();
    };
    if open.len() > MOST {
        let role = |at| if at == first { RowRole::Main } else { RowRole::Another(number(first)) };
        return roles.into_iter().enumerate().map(|(at, known)| known.unwrap_or_else(|| role(at))).collect();
    }
    let people = people::<K>(rows, &open, joined);
    let used: Vec<usize> =
        open.iter().copied().filter(|at| decided(*at) == Some(ChoiceKind::UseRow)).collect();
    // Of rows that may be about two people, such as twins, none is newer.
    let is_newer = |one: usize, other: usize| {
        K::period(&rows[one].1).is_newer(K::period(&rows[other].1), day)
            && (joined.contains(&(number(one), number(other)))
                || K::rows_resemble(&rows[one].1, &rows[other].1).is_possible())
    };
    for same in &people {
        let newest = |at: &usize| !same.iter().any(|other| is_newer(*other, *at));
        let newest: Vec<usize> = match used.as_slice() {
            [one] if same.contains(one) => vec![*one],
            _ => same.iter().copied().filter(newest).collect(),
        };
        for at in same.iter().copied() {
            roles[at] = Some(match (newest.as_slice(), used.as_slice()) {
                (_, [one]) if !same.contains(one) => RowRole::Apart(number(*one)),
                ([one], used) if people.len() == 1 || used.len() == 1 => {
                    if *one == at {
                        RowRole::Main
                    } else {
                        RowRole::Earlier
                    }
                }
                ([one, ..], _) if !newest.contains(&at) => RowRole::Waits(number(*one)),
                _ => RowRole::Asked,
            });
        }
    }
    roles.into_iter().map(|role| role.unwrap_or(RowRole::LeftOut)).collect()
}

/// Parts rows by the person they are about, as far as they do not contradict each other.
fn people<K: ImportKind>(
    rows: &[(u32, K::Row)],
    open: &[usize],
    joined: &HashSet<(u32, u32)>,
) -> Vec<Vec<usize>> {
    let (mut people, mut left) = (Vec::new(), open.to_vec());
    while !left.is_empty() {
        let same = same_person::<K>(rows, &left, joined);
        left.retain(|at| !same.contains(at));
        people.push(same);
    }
    people
}

/// The rows that are about the same person as the first of them.
fn same_person<K: ImportKind>(
    rows: &[(u32, K::Row)],
    open: &[usize],
    joined: &HashSet<(u32, u32)>,
) -> Vec<usize> {
    let is_same = |(one, said): &(u32, K::Row), (other, others): &(u32, K::Row)| {
        joined.contains(&(*one, *other)) || !K::rows_resemble(said, others).contradicts()
    };
    let (mut same, mut others) = (open[..1].to_vec(), open[1..].to_vec());
    let mut compared = 0;
    while let Some(at) = same.get(compared).copied() {
        compared += 1;
        let (like, unlike) = others.into_iter().partition(|other| is_same(&rows[at], &rows[*other]));
        same.extend::<Vec<usize>>(like);
        others = unlike;
    }
    same.sort_unstable();
    same
}

/// What has to be decided about a row that may be the newest of its key.
pub(super) fn asked<K: ImportKind>(number: u32, group: &Group<K::Row>) -> Option<HeldRow> {
    let asked = group.rows.iter().filter(|(.., role)| *role == RowRole::Asked);
    let shown = |(row, said, _): &(u32, K::Row, RowRole)| {
        let shown = K::shown_in_file(said);
        (*row, super::held::ShownPerson { row: Some(*row), ..K::with_period(said, shown) })
    };
    let (own, others): (Vec<_>, Vec<_>) = asked.map(shown).partition(|(row, _)| *row == number);
    let (_, in_file) = own.into_iter().next()?;
    let others = others.into_iter().map(|(_, shown)| shown).collect();
    let choices = [ChoiceKind::UseRow, ChoiceKind::LeaveOut].map(HeldChoice::of);
    Some(HeldRow::new(HeldReason::SameKey, in_file, others, choices.to_vec()))
}

#[cfg(test)]
mod tests;
