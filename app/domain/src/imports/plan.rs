//! The simulation: what every row of a file would do, counted, and hashed so that exactly this plan can be
//! imported.

use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::hash::{Hash, Hasher};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::cells::{DATED, RowReader};
use super::kind::ImportKind;
use super::note::{Note, Verdict};
use super::outcome::{LogFilter, RowOutcome};
use super::remark::Remark;
use super::views::RowLine;
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
            RowOutcome::Rejected => &mut self.rejected,
        };
        *of += 1;
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
    /// Accepted rows by key: the row's number and a hash of its values.
    seen: HashMap<Box<str>, (u32, u64)>,
    counts: PlanCounts,
    facts: FactsHasher<RowPlan<K::Write>>,
    _kind: std::marker::PhantomData<fn() -> K>,
}

impl<K: ImportKind> Planner<K> {
    /// Creates a planner for a file uploaded on `day`.
    pub fn new(reader: RowReader, day: NaiveDate) -> Self {
        Self {
            reader,
            day,
            seen: HashMap::new(),
            counts: PlanCounts::default(),
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

    /// Decides what a row does, given the database's values for its key. Of several rows with the same key,
    /// the first without a problem is used.
    pub fn plan(&mut self, read: ReadRow<K::Row>, current: Option<&K::Current>) -> RowPlan<K::Write> {
        let ReadRow { number, key, row } = read;
        let verdict = match row {
            Err((outcome, problems)) => Verdict {
                outcome,
                code: problems.first().map_or("unreadable".into(), |problem| problem.code.clone()),
                notes: problems,
                write: None,
            },
            Ok((row, notes)) => {
                let mut said = DefaultHasher::new();
                row.hash(&mut said);
                let mut verdict = match self.seen.entry(K::key(&row).into()) {
                    Entry::Occupied(first) => repeated::<K>(*first.get(), said.finish()),
                    Entry::Vacant(entry) => {
                        entry.insert((number, said.finish()));
                        K::differences(&row, current, self.day)
                    }
                };
                // The dates of records that exist are said where they change.
                let is_new = verdict.outcome == RowOutcome::Added;
                verdict.notes.extend(notes.into_iter().filter(|note| is_new || note.code != DATED));
                verdict
            }
        };
        let Verdict { outcome, code, notes, write } = verdict;
        self.counts.count(outcome);
        let plan = RowPlan { number, line: RowLine { outcome, code, notes }, key, write };
        self.counts.left_out += u32::from(plan.line.is_shown_by(LogFilter::LeftOut));
        self.facts.row(&plan);
        plan
    }

    /// Returns the counts and the hash of all planned rows.
    pub fn finish(self) -> (PlanCounts, PlanHash) {
        (self.counts, self.facts.finish())
    }
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
