//! The simulation: what every row of a file would do, counted, and hashed so that exactly this plan can be
//! imported.

mod groups;

use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::hash::{Hash, Hasher as _};

use chrono::NaiveDate;

use self::groups::apart;
pub use self::groups::{AFTER_REJECTED, ANOTHER_COUNTS, ANOTHER_HAS_KEY, MAY_BE_ANOTHER, WAITS_FOR_ROW};
pub use super::counts::{FileFindings, PlanCounts};

use super::cells::{DATED, RowReader};
use super::crossing::{Changes, Crossing};
use super::held::{ChoiceKind, Choices, HeldReason};
use super::kind::{Decided, ImportKind};
use super::note::{Note, Verdict};
use super::outcome::RowOutcome;
pub use super::read_row::ReadRow;
use super::remark::Remark;
use super::repeats::{Groups, RowRole, hash_of};
use super::views::RowLine;
use super::who::{About, Matches, NameMatch, Whereabouts, about, former_key, near_key, twice_in_file};
use crate::ids::PersonId;
use crate::operations::facts::{Facts, FactsFormat, FactsHasher, FactsWriter, Sink, Tag};
use crate::operations::plan::PlanHash;

/// The code of a note that somebody who has left has lost their key.
pub const KEY_FREED: &str = "key_freed";

/// The plan for one row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowPlan<W> {
    /// The row's number in the file, as a spreadsheet shows it.
    pub number: u32,
    /// The line in the log.
    pub line: RowLine,
    /// The row's key, if it can be read.
    pub key: Option<String>,
    /// What to write, if anything.
    pub write: Option<W>,
}

const NUMBER: Tag = Tag::new(1);
const OUTCOME: Tag = Tag::new(2);
const CODE: Tag = Tag::new(3);
const NOTES: Tag = Tag::new(4);
const KEY: Tag = Tag::new(5);
const WRITE: Tag = Tag::new(6);
const HELD: Tag = Tag::new(7);

/// Uses the form that the kind's writes have.
impl<W: Facts> Facts for RowPlan<W> {
    const FORM: FactsFormat = W::FORM;

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields
            .number(NUMBER, self.number.into())
            .text(OUTCOME, self.line.outcome.slug())
            .text(CODE, &self.line.code)
            .list(NOTES, &self.line.notes, Note::facts);
        if let Some(key) = &self.key {
            fields.text(KEY, key);
        }
        if let Some(write) = &self.write {
            fields.nested(WRITE, |fields| write.write(fields));
        }
        if let Some(held) = &self.line.held {
            fields.nested(HELD, |fields| held.facts(fields));
        }
    }
}

/// Plans a file row by row, using memory that does not depend on what the rows contain.
pub struct Planner<K: ImportKind> {
    reader: RowReader,
    day: NaiveDate,
    choices: Choices,
    /// Accepted rows by key: the row's number and a hash of its values.
    seen: HashMap<Box<str>, (u32, u64)>,
    /// Rows with the key of an earlier row, outside groups.
    repeated: HashMap<u32, RowRole>,
    /// Rows with the same key that say different things.
    groups: Groups<K>,
    /// The verdicts on rows of groups that were planned before them.
    planned: HashMap<u32, Verdict<K::Write>>,
    /// The rows about people in the database.
    people: HashMap<PersonId, u32>,
    /// The rows that add people, by what makes two of them the same person.
    newcomers: HashMap<u64, u32>,
    /// What rows take from each other, as far as it is planned.
    changes: Changes,
    /// The same of the whole file, as an earlier plan has found it.
    crossings: HashMap<u32, Crossing>,
    counts: PlanCounts,
    findings: FileFindings,
    facts: FactsHasher<RowPlan<K::Write>>,
}

impl<K: ImportKind> Planner<K> {
    /// Creates a planner for a file uploaded on `day`, with what the office has decided about its rows.
    pub fn new(reader: RowReader, day: NaiveDate, choices: Choices) -> Self {
        Self {
            reader,
            day,
            choices,
            seen: HashMap::new(),
            repeated: HashMap::new(),
            groups: Groups::default(),
            planned: HashMap::new(),
            people: HashMap::new(),
            newcomers: HashMap::new(),
            changes: Changes::default(),
            crossings: HashMap::new(),
            counts: PlanCounts::default(),
            findings: FileFindings::default(),
            facts: FactsHasher::default(),
        }
    }

    /// Reads a row, with what reading the file found out about it.
    pub fn read(&self, number: u32, cells: &[String], remarks: &[Remark]) -> ReadRow<K::Row> {
        ReadRow::read(&self.reader, number, (cells, remarks), K::read)
    }

    /// Adds the groups of rows with the same key.
    #[must_use]
    pub fn grouping(self, groups: Groups<K>) -> Self {
        let findings = FileFindings { repeats_keys: Some(true), ..self.findings };
        Self { groups, findings, ..self }
    }

    /// Adds what rows take from each other, found by planning them all before: see [`Self::overlooked`].
    #[must_use]
    pub fn crossing(self, crossings: HashMap<u32, Crossing>) -> Self {
        Self { crossings, ..self }
    }

    /// What rows take from each other, once all are planned, if it is not what the plan started with. Then the file has
    /// to be planned again, with this.
    pub fn overlooked(&self) -> Option<HashMap<u32, Crossing>> {
        Some(self.changes.crossings()).filter(|found| *found != self.crossings)
    }

    /// Notes a row's key, before it is planned. Returns whether an earlier row with the same key says something else,
    /// and no group has them: then the file has to be planned again, with its groups.
    pub fn note(&mut self, read: &ReadRow<K::Row>) -> bool {
        let Some(row) = read.row() else { return false };
        if self.groups.has(read.number) {
            return false;
        }
        let said = hash_of(row);
        let (first, said_first) = match self.seen.entry(K::key(row).into()) {
            Entry::Occupied(first) => *first.get(),
            Entry::Vacant(entry) => {
                entry.insert((read.number, said));
                return false;
            }
        };
        let is_same = said == said_first;
        self.repeated
            .insert(read.number, if is_same { RowRole::Same(first) } else { RowRole::Another(first) });
        !is_same
    }

    /// Whether a row is in a group.
    pub fn is_grouped(&self, read: &ReadRow<K::Row>) -> bool {
        self.groups.has(read.number)
    }

    /// The row that has to be compared with stored records when this one is planned, if any.
    pub fn compared<'a>(&'a self, read: &'a ReadRow<K::Row>) -> Option<&'a K::Row> {
        match self.groups.of(read.number) {
            Some(group) => group.main(),
            None => read.row().filter(|_| !self.repeated.contains_key(&read.number)),
        }
    }

    /// Decides what a row does, given the stored records that it, or the row that counts in its place, may be about.
    pub fn plan(&mut self, read: ReadRow<K::Row>, matches: &Matches<'_, K::Current>) -> RowPlan<K::Write> {
        let ReadRow { number, key, row } = read;
        let verdict = match row {
            Err((outcome, problems)) => Verdict {
                outcome,
                code: problems.first().map_or("unreadable".into(), |problem| problem.code.clone()),
                notes: problems,
                write: None,
                held: None,
            },
            Ok((row, notes)) => {
                let mut verdict = if self.groups.has(number) {
                    self.in_group(number, matches)
                } else if let Some(role) = self.repeated.get(&number) {
                    apart::<K>(*role)
                } else {
                    self.judge(number, &row, matches, &[]).0
                };
                // The dates of records that exist are said where they change.
                let is_new = verdict.outcome == RowOutcome::Added;
                verdict.notes.extend(notes.into_iter().filter(|note| is_new || note.code != DATED));
                verdict
            }
        };
        let Verdict { outcome, code, notes, write, held } = verdict;
        let plan = RowPlan { number, line: RowLine { outcome, code, notes, held }, key, write };
        self.counts.count(&plan.line, K::DECLARATION.ends, self.day);
        self.facts.row(&plan);
        plan
    }

    /// Decides what a readable row does, and finds the stored record it is about. `earlier` are the earlier rows about
    /// the same person.
    fn judge<'m>(
        &mut self,
        number: u32,
        row: &K::Row,
        matches: &Matches<'m, K::Current>,
        earlier: &[&K::Row],
    ) -> (Verdict<K::Write>, Option<&'m K::Current>) {
        self.note_findings(row, matches);
        self.changes.note::<K>(number, row, matches);
        let crossing = self.crossings.get(&number).copied();
        let address = self.choices.of_address(number);
        let decided = Decided { day: self.day, renumber: false, address };
        let (seen, known, frees) = match about::<K>(number, row, matches, &self.choices, self.day, crossing) {
            About::Held(held) => return (Verdict::held(*held), None),
            About::LeftOut => return (left_out(), None),
            About::Known { record, renumber, frees } => {
                let person = K::identity(record).map(|identity| identity.person);
                let seen = person.and_then(|person| self.people.insert(person, number));
                (seen, Some((record, renumber)), frees)
            }
            About::New { frees } => (self.newcomer(number, row), None, frees),
        };
        let record = known.map(|(record, _)| record);
        let decision = self.choices.of(number, HeldReason::SamePerson).map(|choice| choice.kind);
        match (seen, decision) {
            (Some(_), Some(ChoiceKind::LeaveOut)) => return (left_out(), None),
            (Some(seen), decision) if known.is_some() || decision != Some(ChoiceKind::NewPerson) => {
                let mut verdict = Verdict::held(twice_in_file::<K>(row, record.map(K::shown), seen));
                verdict.notes.push(Note::new("same_person").with("row", seen));
                return (verdict, None);
            }
            _ => {}
        }
        let renumber = known.is_some_and(|(_, renumber)| renumber);
        let behind = record.and_then(|record| K::behind(row, record, earlier));
        let mut verdict = K::differences(row, behind.as_ref().or(record), Decided { renumber, ..decided });
        if let Some(holder) = frees {
            Self::free(&mut verdict, holder);
        }
        (verdict, record)
    }

    /// Gives the key of somebody who has left to the person of a row.
    fn free(verdict: &mut Verdict<K::Write>, holder: &K::Current) {
        let Some(write) = &mut verdict.write else { return };
        let Some(identity) = K::identity(holder) else { return };
        let Some((key, last_day)) = identity.key.zip(identity.last_day) else { return };
        let former = former_key(key, last_day);
        let note = Note::new(KEY_FREED).with("name", K::shown(holder).name).with("since", last_day);
        verdict.notes.push(note.with("former", &former));
        K::free_key(write, holder, former);
    }

    /// The earlier row that adds the same person: with the same name, and the same second fact or almost the
    /// same key.
    fn newcomer(&mut self, number: u32, row: &K::Row) -> Option<u32> {
        let (name, second) = K::person_hash(row);
        let by_second = second.map(|second| hashed((name, 0, second)));
        let by_key = hashed((name, 1, near_key(K::key(row))));
        let mut earlier = None;
        for of in by_second.into_iter().chain([by_key]) {
            earlier = earlier.or(self.newcomers.insert(of, number));
        }
        earlier
    }

    fn note_findings(&mut self, row: &K::Row, matches: &Matches<'_, K::Current>) {
        if matches.keyed.is_some() {
            self.findings.keys_known += 1;
            return;
        }
        let is_named = |other: &K::Current| {
            K::resemblance(row, other).name == NameMatch::Same
                && K::identity(other).is_some_and(|identity| identity.at == Whereabouts::Here)
        };
        self.findings.names_known += u32::from(matches.others.iter().any(is_named));
    }

    /// Returns the counts, what the file as a whole says, and the hash of all planned rows.
    pub fn finish(self) -> (PlanCounts, FileFindings, PlanHash) {
        let overlooked = self.overlooked();
        let repeats_keys = self.findings.repeats_keys.or(Some(false));
        let crosses = !overlooked.as_ref().unwrap_or(&self.crossings).is_empty();
        let PlanHash(hash) = self.facts.finish();
        // A plan that overlooks something is not the one that somebody has seen.
        let hash = if overlooked.is_some() { hash.map(|byte| !byte) } else { hash };
        (self.counts, FileFindings { repeats_keys, crosses, ..self.findings }, PlanHash(hash))
    }
}

fn hashed(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

fn left_out<W>() -> Verdict<W> {
    Verdict::told(RowOutcome::Skipped, Note::new("row_left_out"))
}

#[cfg(test)]
mod tests;
