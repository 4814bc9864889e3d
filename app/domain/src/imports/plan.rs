//! The simulation: what every row of a file would do, counted, and hashed so that exactly this plan can be committed.

use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::diff::{Verdict, compare};
use super::outcome::Outcome;
use super::row::{RowProblem, RowReader, StudentRow};
use super::write::{OnRoll, Write};
use crate::roll::enrolment::AdmissionNumber;

/// What becomes of one row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RowPlan {
    /// The row's number in the file, as a spreadsheet shows it.
    pub number: u32,
    /// Its outcome.
    pub outcome: Outcome,
    /// A stable word for tests and automation.
    pub code: &'static str,
    /// A sentence: what happens, or what is wrong and what to do.
    pub message: String,
    /// The admission number, as far as it could be read.
    pub key: Option<AdmissionNumber>,
    /// What is to be written, if anything.
    pub write: Option<Write>,
}

/// Rows by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanCounts {
    /// New students.
    pub added: u32,
    /// Students whose details change.
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

    /// How many rows change the roll.
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

/// The fingerprint of a plan: two plans with one hash write the same to the same people. SHA-256.
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

/// Feeds what derives `Hash` to SHA-256.
#[derive(Default)]
struct Fingerprint(Sha256);

impl Hasher for Fingerprint {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Never asked for: the whole of the digest is taken.
    fn finish(&self) -> u64 {
        0
    }
}

/// A row that was read and waits for what the roll says about its student.
#[derive(Debug, Clone)]
pub struct ReadRow {
    number: u32,
    key: Option<AdmissionNumber>,
    row: Result<StudentRow, Vec<RowProblem>>,
}

impl ReadRow {
    /// Who to look up on the roll; nobody for a row with something wrong.
    pub fn wants(&self) -> Option<&AdmissionNumber> {
        self.row.as_ref().ok().map(|row| &row.admission_number)
    }
}

/// Makes a plan, row by row in the file's order, in memory that does not grow with what the rows say.
pub struct Planner {
    reader: RowReader,
    day: NaiveDate,
    /// Rows that count, by admission number: the row's number, and a hash of what it says.
    seen: HashMap<AdmissionNumber, (u32, u64)>,
    counts: PlanCounts,
    fingerprint: Fingerprint,
}

impl Planner {
    /// For a file that came on `day`.
    pub fn new(reader: RowReader, day: NaiveDate) -> Self {
        Self {
            reader,
            day,
            seen: HashMap::new(),
            counts: PlanCounts::default(),
            fingerprint: Fingerprint::default(),
        }
    }

    /// Reads a row.
    pub fn read(&self, number: u32, cells: &[String]) -> ReadRow {
        ReadRow { number, key: self.reader.key(cells), row: self.reader.read(cells) }
    }

    /// Decides what becomes of a row, given the student with its admission number, if the roll has one. Of several
    /// rows with one admission number the first without a mistake counts.
    pub fn plan(&mut self, read: ReadRow, on_roll: Option<&OnRoll>) -> RowPlan {
        let ReadRow { number, key, row } = read;
        let verdict = match row {
            Err(problems) => Verdict {
                outcome: Outcome::Rejected,
                code: problems.first().map_or("unreadable", |problem| problem.code),
                message: problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join(" "),
                write: None,
            },
            Ok(row) => {
                let mut said = DefaultHasher::new();
                row.hash(&mut said);
                match self.seen.entry(row.admission_number.clone()) {
                    Entry::Occupied(first) => repeated(*first.get(), said.finish()),
                    Entry::Vacant(entry) => {
                        entry.insert((number, said.finish()));
                        compare(&row, on_roll, self.day)
                    }
                }
            }
        };
        self.counts.count(verdict.outcome);
        let Verdict { outcome, code, message, write } = verdict;
        let plan = RowPlan { number, outcome, code, message, key, write };
        plan.hash(&mut self.fingerprint);
        plan
    }

    /// The counts and the fingerprint of all rows planned.
    pub fn finish(self) -> (PlanCounts, PlanHash) {
        (self.counts, PlanHash(self.fingerprint.0.finalize().into()))
    }
}

fn repeated((first, said_first): (u32, u64), said: u64) -> Verdict {
    let (outcome, code, message) = if said == said_first {
        (Outcome::Skipped, "repeated_row", format!("The same as row {first}. Nothing to do."))
    } else {
        (
            Outcome::Rejected,
            "same_admission_number",
            format!(
                "Row {first} has the same admission number and says something else. Keep one of the two rows, or correct the number."
            ),
        )
    };
    Verdict { outcome, code, message, write: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::dates::DateOrders;
    use crate::imports::mapping::Mapping;
    use proptest::prelude::*;

    fn plan(rows: &[[&str; 3]]) -> (Vec<RowPlan>, PlanCounts, PlanHash) {
        let headers = ["Adm No", "Forename", "Email"].map(str::to_owned);
        let day = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        let reader = RowReader::new(Mapping::automatic(&headers), DateOrders::default(), day);
        let mut planner = Planner::new(reader, day);
        let mut plans = Vec::new();
        for (number, cells) in (2..).zip(rows) {
            let read = planner.read(number, &cells.map(str::to_owned));
            plans.push(planner.plan(read, None));
        }
        let (counts, hash) = planner.finish();
        (plans, counts, hash)
    }

    #[test]
    fn the_first_row_with_a_key_counts_and_later_ones_say_which() {
        let (plans, counts, _) =
            plan(&[["1", "", ""], ["1", "Ada", ""], ["1", "Ada", ""], ["1", "Eve", ""], ["2", "Eve", ""]]);
        let outcomes: Vec<_> = plans.iter().map(|plan| (plan.outcome, plan.code)).collect();
        assert_eq!(
            outcomes,
            [
                (Outcome::Rejected, "name_missing"),
                (Outcome::Added, "new_student"),
                (Outcome::Skipped, "repeated_row"),
                (Outcome::Rejected, "same_admission_number"),
                (Outcome::Added, "new_student"),
            ]
        );
        assert!(plans[3].message.starts_with("Row 3 "), "{}", plans[3].message);
        assert_eq!((counts.added, counts.rejected, counts.total()), (2, 2, 5));
        assert_eq!(plans[0].key.as_ref().map(AdmissionNumber::as_str), Some("1"));
    }

    #[test]
    fn a_plan_that_writes_something_else_has_another_fingerprint() {
        let one = plan(&[["1", "Ada", "a@school.example"]]).2;
        assert_eq!(plan(&[["1", "Ada", "a@school.example"]]).2, one);
        assert_ne!(plan(&[["1", "Ada", "b@school.example"]]).2, one);
        assert_eq!(one.to_string().parse(), Ok(one));
        assert!("0g".repeat(32).parse::<PlanHash>().is_err() && "é".repeat(32).parse::<PlanHash>().is_err());
    }

    proptest! {
        #[test]
        fn every_row_has_one_outcome_and_no_number_is_added_twice(rows in proptest::collection::vec(("[1-4]?", "[ab]?", "(a@b.example|x)?"), 0..20)) {
            let rows: Vec<[&str; 3]> = rows.iter().map(|(a, b, c)| [a.as_str(), b.as_str(), c.as_str()]).collect();
            let (plans, counts, _) = plan(&rows);
            prop_assert_eq!(plans.len(), rows.len());
            prop_assert_eq!(counts.total() as usize, rows.len());
            let mut added: Vec<_> = plans.iter().filter(|p| p.outcome == Outcome::Added).map(|p| &p.key).collect();
            let before = added.len();
            added.sort();
            added.dedup();
            prop_assert_eq!(added.len(), before);
            prop_assert!(plans.iter().all(|p| p.write.is_some() == matches!(p.outcome, Outcome::Added | Outcome::Updated)));
        }
    }
}
