//! The simulation: what every row of a file would do, counted, and hashed so that exactly this plan can be
//! imported.

use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::hash::{Hash, Hasher};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::cells::{DATED, RowReader};
use super::held::{ChoiceKind, Choices, HeldReason};
use super::kind::{Decided, ImportKind};
use super::note::{Note, Verdict};
use super::outcome::{LogFilter, RowOutcome};
use super::remark::Remark;
use super::views::RowLine;
use super::who::{About, Matches, NameMatch, Whereabouts, about, near_key, twice_in_file};
use crate::ids::PersonId;
use crate::operations::facts::{Facts, FactsFormat, FactsHasher, FactsWriter, Sink, Tag};
use crate::operations::plan::PlanHash;

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

/// The number of rows with each outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanCounts {
    /// New records.
    pub added: u32,
    /// Records whose details change.
    pub updated: u32,
    /// Rows without changes.
    pub unchanged: u32,
    /// Rows skipped for a reason that is not a mistake.
    pub skipped: u32,
    /// Rows held back until the office decides.
    #[serde(default)]
    pub held: u32,
    /// Rows with a problem.
    pub rejected: u32,
    /// Of the rows above, those that are imported without a field that cannot be read.
    #[serde(default)]
    pub left_out: u32,
}

impl PlanCounts {
    /// The number of rows with this outcome.
    pub fn of(&self, outcome: RowOutcome) -> u32 {
        match outcome {
            RowOutcome::Added => self.added,
            RowOutcome::Updated => self.updated,
            RowOutcome::Unchanged => self.unchanged,
            RowOutcome::Skipped => self.skipped,
            RowOutcome::Held => self.held,
            RowOutcome::Rejected => self.rejected,
        }
    }

    /// The number of rows that a filter of the log shows.
    pub fn shown(&self, filter: LogFilter) -> u32 {
        match filter {
            LogFilter::Outcome(outcome) => self.of(outcome),
            LogFilter::LeftOut => self.left_out,
        }
    }

    /// The number of all rows.
    pub fn total(&self) -> u32 {
        RowOutcome::ALL.into_iter().map(|outcome| self.of(outcome)).sum()
    }

    /// The number of rows that change something.
    pub fn changes(&self) -> u32 {
        self.added + self.updated
    }

    fn count(&mut self, outcome: RowOutcome) {
        let of = match outcome {
            RowOutcome::Added => &mut self.added,
            RowOutcome::Updated => &mut self.updated,
            RowOutcome::Unchanged => &mut self.unchanged,
            RowOutcome::Skipped => &mut self.skipped,
            RowOutcome::Held => &mut self.held,
            RowOutcome::Rejected => &mut self.rejected,
        };
        *of += 1;
    }
}

/// What a file as a whole says about its keys.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFindings {
    /// Rows whose key is somebody's at the school.
    pub keys_known: u32,
    /// Rows with a new key and the name of somebody at the school.
    pub names_known: u32,
}

impl FileFindings {
    /// Whether every key is new although most names are known: the other system has new numbers, or the wrong
    /// column was chosen.
    pub fn has_only_new_keys(self, counts: &PlanCounts) -> bool {
        let read = counts.total() - counts.rejected;
        self.keys_known == 0 && self.names_known > 0 && self.names_known * 2 >= read
    }
}

/// A row that has been read, and is waiting to be compared with the database.
#[derive(Debug, Clone)]
pub struct ReadRow<R> {
    number: u32,
    key: Option<String>,
    row: Result<(R, Vec<Note>), (RowOutcome, Vec<Note>)>,
}

impl<R> ReadRow<R> {
    /// The row's values; `None` if it has a problem.
    pub fn row(&self) -> Option<&R> {
        self.row.as_ref().ok().map(|(row, _)| row)
    }
}

/// Plans a file row by row, using memory that does not depend on what the rows contain.
pub struct Planner<K: ImportKind> {
    reader: RowReader,
    day: NaiveDate,
    choices: Choices,
    /// Accepted rows by key: the row's number and a hash of its values.
    seen: HashMap<Box<str>, (u32, u64)>,
    /// The rows about people in the database.
    people: HashMap<PersonId, u32>,
    /// The rows that add people, by what makes two of them the same person.
    newcomers: HashMap<u64, u32>,
    counts: PlanCounts,
    findings: FileFindings,
    facts: FactsHasher<RowPlan<K::Write>>,
    _kind: std::marker::PhantomData<fn() -> K>,
}

impl<K: ImportKind> Planner<K> {
    /// Creates a planner for a file uploaded on `day`, with what the office has decided about its rows.
    pub fn new(reader: RowReader, day: NaiveDate, choices: Choices) -> Self {
        Self {
            reader,
            day,
            choices,
            seen: HashMap::new(),
            people: HashMap::new(),
            newcomers: HashMap::new(),
            counts: PlanCounts::default(),
            findings: FileFindings::default(),
            facts: FactsHasher::default(),
            _kind: std::marker::PhantomData,
        }
    }

    /// Reads a row, with what reading the file found out about it.
    pub fn read(&self, number: u32, cells: &[String], remarks: &[Remark]) -> ReadRow<K::Row> {
        let key = self.reader.key(cells);
        if let Some((outcome, note)) = remarks.iter().find_map(Remark::decides) {
            return ReadRow { number, key, row: Err((outcome, vec![note.clone()])) };
        }
        if let Some(note) = self.reader.skips(cells) {
            return ReadRow { number, key, row: Err((RowOutcome::Skipped, vec![note])) };
        }
        let mut reading = self.reader.cells(cells).remarked(remarks);
        let row = K::read(&mut reading);
        ReadRow { number, key, row: reading.finish(row).map_err(|problems| (RowOutcome::Rejected, problems)) }
    }

    /// Decides what a row does, given the stored records it may be about. Of several rows with the same key,
    /// the first without a problem is used.
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
                let mut verdict = self.judge(number, &row, matches);
                // The dates of records that exist are said where they change.
                let is_new = verdict.outcome == RowOutcome::Added;
                verdict.notes.extend(notes.into_iter().filter(|note| is_new || note.code != DATED));
                verdict
            }
        };
        let Verdict { outcome, code, notes, write, held } = verdict;
        self.counts.count(outcome);
        let plan = RowPlan { number, line: RowLine { outcome, code, notes, held }, key, write };
        self.counts.left_out += u32::from(plan.line.is_shown_by(LogFilter::LeftOut));
        self.facts.row(&plan);
        plan
    }

    /// Decides what a readable row does.
    fn judge(&mut self, number: u32, row: &K::Row, matches: &Matches<'_, K::Current>) -> Verdict<K::Write> {
        let mut said = DefaultHasher::new();
        row.hash(&mut said);
        match self.seen.entry(K::key(row).into()) {
            Entry::Occupied(first) => return repeated::<K>(*first.get(), said.finish()),
            Entry::Vacant(entry) => entry.insert((number, said.finish())),
        };
        self.note_findings(row, matches);
        let address = self.choices.of_address(number);
        let decided = Decided { day: self.day, renumber: false, address };
        let (earlier, known) = match about::<K>(number, row, matches, &self.choices) {
            About::Held(held) => return Verdict::held(*held),
            About::LeftOut => return left_out(),
            About::Known { record, renumber } => {
                let person = K::identity(record).map(|identity| identity.person);
                let earlier = person.and_then(|person| self.people.insert(person, number));
                (earlier, Some((record, renumber)))
            }
            About::New => (self.newcomer(number, row), None),
        };
        let decision = self.choices.of(number, HeldReason::SamePerson).map(|choice| choice.kind);
        match (earlier, decision) {
            (Some(_), Some(ChoiceKind::LeaveOut)) => return left_out(),
            (Some(earlier), decision) if known.is_some() || decision != Some(ChoiceKind::NewPerson) => {
                let held = twice_in_file::<K>(row, known.map(|(record, _)| K::shown(record)));
                let mut verdict = Verdict::held(held);
                verdict.notes.push(Note::new("same_person").with("row", earlier));
                return verdict;
            }
            _ => {}
        }
        let renumber = known.is_some_and(|(_, renumber)| renumber);
        K::differences(row, known.map(|(record, _)| record), Decided { renumber, ..decided })
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
        (self.counts, self.findings, self.facts.finish())
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

fn repeated<K: ImportKind>((first, said_first): (u32, u64), said: u64) -> Verdict<K::Write> {
    if said == said_first {
        Verdict::told(RowOutcome::Skipped, Note::new("repeated_row").with("row", first))
    } else {
        Verdict::rejected(K::same_key(first))
    }
}

#[cfg(test)]
mod tests;
