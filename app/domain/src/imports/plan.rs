//! The simulation: what every row of a file would do, counted, and hashed so that exactly this plan can be committed.

use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::cells::RowReader;
use super::encoding::{Encode, Encoder};
use super::kind::ImportKind;
use super::note::{Note, Verdict};
use super::outcome::Outcome;
use super::views::RowLine;

/// What becomes of one row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowPlan<W> {
    /// The row's number in the file, as a spreadsheet shows it.
    pub number: u32,
    /// What the log says.
    pub line: RowLine,
    /// What tells the row from others, as far as it could be read.
    pub key: Option<String>,
    /// What is to be written, if anything.
    pub write: Option<W>,
}

impl<W: Encode> Encode for RowPlan<W> {
    fn encode(&self, to: &mut Encoder) {
        to.number(self.number.into());
        to.text(self.line.outcome.slug());
        to.text(&self.line.code);
        to.list(&self.line.notes, |to, note| note.encode(to));
        to.option(self.key.as_deref(), Encoder::text);
        to.option(self.write.as_ref(), |to, write| write.encode(to));
    }
}

/// Rows by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanCounts {
    /// New ones.
    pub added: u32,
    /// Those whose details change.
    pub updated: u32,
    /// Nothing to change.
    pub unchanged: u32,
    /// Left alone for a reason that is no mistake.
    pub skipped: u32,
    /// Something is wrong.
    pub rejected: u32,
}

impl PlanCounts {
    /// How many rows have this outcome.
    pub fn of(&self, outcome: Outcome) -> u32 {
        match outcome {
            Outcome::Added => self.added,
            Outcome::Updated => self.updated,
            Outcome::Unchanged => self.unchanged,
            Outcome::Skipped => self.skipped,
            Outcome::Rejected => self.rejected,
        }
    }

    /// All rows.
    pub fn total(&self) -> u32 {
        Outcome::ALL.into_iter().map(|outcome| self.of(outcome)).sum()
    }

    /// How many rows change something.
    pub fn changes(&self) -> u32 {
        self.added + self.updated
    }

    fn count(&mut self, outcome: Outcome) {
        let of = match outcome {
            Outcome::Added => &mut self.added,
            Outcome::Updated => &mut self.updated,
            Outcome::Unchanged => &mut self.unchanged,
            Outcome::Skipped => &mut self.skipped,
            Outcome::Rejected => &mut self.rejected,
        };
        *of += 1;
    }
}

/// The fingerprint of a plan: two plans with one hash write the same to the same people. SHA-256 of its written form
/// ([`super::encoding`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PlanHash([u8; 32]);

/// A text that is no fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not the fingerprint of a plan")]
pub struct PlanHashError;

impl PlanHash {
    /// Its bytes, for the database.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<&[u8]> for PlanHash {
    type Error = PlanHashError;
    fn try_from(bytes: &[u8]) -> Result<Self, PlanHashError> {
        bytes.try_into().map(Self).map_err(|_| PlanHashError)
    }
}

impl fmt::Display for PlanHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for PlanHash {
    type Err = PlanHashError;
    fn from_str(text: &str) -> Result<Self, PlanHashError> {
        if text.len() != 64 || !text.is_ascii() {
            return Err(PlanHashError);
        }
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).map_err(|_| PlanHashError)?;
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for PlanHash {
    type Error = PlanHashError;
    fn try_from(text: String) -> Result<Self, PlanHashError> {
        text.parse()
    }
}

impl From<PlanHash> for String {
    fn from(hash: PlanHash) -> Self {
        hash.to_string()
    }
}

/// A row that was read and waits for what the database holds with its key.
#[derive(Debug, Clone)]
pub struct ReadRow<R> {
    number: u32,
    key: Option<String>,
    row: Result<(R, Vec<Note>), Vec<Note>>,
}

impl<R> ReadRow<R> {
    /// What it says; nothing for a row with something wrong.
    pub fn row(&self) -> Option<&R> {
        self.row.as_ref().ok().map(|(row, _)| row)
    }
}

/// Makes a plan, row by row in the file's order, in memory that does not grow with what the rows say.
pub struct Planner<K: ImportKind> {
    reader: RowReader,
    day: NaiveDate,
    /// Rows that count, by key: the row's number, and a hash of what it says.
    seen: HashMap<Box<str>, (u32, u64)>,
    counts: PlanCounts,
    facts: Encoder,
    _kind: std::marker::PhantomData<fn() -> K>,
}

impl<K: ImportKind> Planner<K> {
    /// For a file that came on `day`.
    pub fn new(reader: RowReader, day: NaiveDate) -> Self {
        Self {
            reader,
            day,
            seen: HashMap::new(),
            counts: PlanCounts::default(),
            facts: Encoder::default(),
            _kind: std::marker::PhantomData,
        }
    }

    /// Reads a row.
    pub fn read(&self, number: u32, cells: &[String]) -> ReadRow<K::Row> {
        let mut reading = self.reader.cells(cells);
        let row = K::read(&mut reading);
        ReadRow { number, key: self.reader.key(cells), row: reading.finish(row) }
    }

    /// Decides what becomes of a row, given what the database holds with its key. Of several rows with one key the first
    /// without a mistake counts.
    pub fn plan(&mut self, read: ReadRow<K::Row>, current: Option<&K::Current>) -> RowPlan<K::Write> {
        let ReadRow { number, key, row } = read;
        let verdict = match row {
            Err(problems) => Verdict {
                outcome: Outcome::Rejected,
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
                verdict.notes.extend(notes);
                verdict
            }
        };
        let Verdict { outcome, code, notes, write } = verdict;
        self.counts.count(outcome);
        let plan = RowPlan { number, line: RowLine { outcome, code, notes }, key, write };
        plan.encode(&mut self.facts);
        plan
    }

    /// The counts and the fingerprint of all rows planned.
    pub fn finish(self) -> (PlanCounts, PlanHash) {
        (self.counts, PlanHash(self.facts.finish()))
    }
}

fn repeated<K: ImportKind>((first, said_first): (u32, u64), said: u64) -> Verdict<K::Write> {
    if said == said_first {
        Verdict::told(Outcome::Skipped, Note::new("repeated_row").with("row", first))
    } else {
        Verdict::rejected(K::same_key(first))
    }
}

#[cfg(test)]
mod tests;
