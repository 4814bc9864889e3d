//! The counts of a simulation.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::deciding::ASKS_ELSEWHERE;
use super::kind::ImportDeclaration;
use super::note::KEPT;
use super::outcome::{LogFilter, RowOutcome};
use super::sent_back::is_fixed;
use super::views::RowLine;
use super::words;

/// A last day that is no further away counts as an end now: who leaves next summer has not left.
const SOON: Days = Days::new(30);

/// What an import would end, where that is so much that a second person has to approve it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guarded {
    /// The number of records that it ends.
    pub ended: u32,
    /// The number of the school's records that last.
    pub standing: u32,
    /// The share that was exceeded.
    pub percent: u32,
}

impl Guarded {
    /// How much it is.
    pub fn share(self, kind: &ImportDeclaration) -> String {
        let Self { ended, standing, percent } = self;
        format!(
            "This file ends {ended} of the school\u{2019}s {standing} {}: more than {percent} %.",
            kind.many
        )
    }

    /// What the page says of it.
    pub fn sentence(self, kind: &ImportDeclaration) -> String {
        format!(
            "{} If it is the right file, choose Import: a second person then has to approve it before anything changes.",
            self.share(kind)
        )
    }
}

/// The number of rows with each outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanCounts {
    /// New records.
    pub added: u32,
    /// Records whose details change.
    pub updated: u32,
    /// People who now belong together.
    #[serde(default)]
    pub linked: u32,
    /// Rows without changes.
    pub unchanged: u32,
    /// Earlier enrolments of people whose latest one is in another row.
    #[serde(default)]
    pub history: u32,
    /// Rows skipped for a reason that is not a mistake.
    pub skipped: u32,
    /// Rows of which nothing but values that were changed by hand differ.
    #[serde(default)]
    pub kept: u32,
    /// Rows held back until the office decides.
    #[serde(default)]
    pub held: u32,
    /// Rows with a problem.
    pub rejected: u32,
    /// Of the rows above, those that are imported without a field that cannot be read.
    #[serde(default)]
    pub left_out: u32,
    /// Of the rows that are not held, those whose email address is.
    #[serde(default)]
    pub address_held: u32,
    /// Of the rows above, those in which a value stays that was changed by hand.
    #[serde(default)]
    pub by_hand: u32,
    /// Of the rows above, those that end a record soon or have ended it: an enrolment, an employment, a link.
    #[serde(default)]
    pub ended: u32,
    /// Of the skipped rows, those that a last day would import, in files that have a column for it.
    #[serde(default)]
    pub without_end: u32,
    /// Of the held rows, those about which the import asks staff who work for both schools.
    #[serde(default)]
    pub asked: u32,
    /// Of the rows above, those that were sent back before and have no problem any more.
    #[serde(default)]
    pub fixed: u32,
}

impl PlanCounts {
    /// The number of rows with this outcome.
    pub fn of(&self, outcome: RowOutcome) -> u32 {
        match outcome {
            RowOutcome::Added => self.added,
            RowOutcome::Updated => self.updated,
            RowOutcome::Linked => self.linked,
            RowOutcome::Unchanged => self.unchanged,
            RowOutcome::History => self.history,
            RowOutcome::Skipped => self.skipped,
            RowOutcome::Kept => self.kept,
            RowOutcome::Held => self.held,
            RowOutcome::Rejected => self.rejected,
        }
    }

    /// The number of rows that a filter of the log shows.
    pub fn shown(&self, filter: LogFilter) -> u32 {
        match filter {
            LogFilter::Outcome(RowOutcome::Held) => self.waiting(),
            LogFilter::Outcome(outcome) => self.of(outcome),
            LogFilter::LeftOut => self.left_out,
            LogFilter::Faulty => self.rejected + self.left_out + self.without_end,
        }
    }

    /// The number of all rows.
    pub fn total(&self) -> u32 {
        RowOutcome::ALL.into_iter().map(|outcome| self.of(outcome)).sum()
    }

    /// The number of rows that change something.
    pub fn changes(&self) -> u32 {
        self.added + self.updated + self.linked + self.history
    }

    /// The number of rows that write something: a change, or a question for somebody else.
    pub fn writes(&self) -> u32 {
        self.changes() + self.asked
    }

    /// The number of rows that wait for a decision, about the row or about its address alone.
    pub fn waiting(&self) -> u32 {
        self.held + self.address_held
    }

    /// What the rows come to, in words: first those that need a person. Outcomes without rows are left out.
    pub fn sentence(&self) -> String {
        let earlier = if self.history == 1 { "earlier enrolment" } else { "earlier enrolments" };
        let parts: Vec<String> = [
            (self.waiting(), "held back"),
            (self.rejected, "rejected"),
            (self.added, "added"),
            (self.updated, "updated"),
            (self.linked, "linked"),
            (self.history, earlier),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
        if parts.is_empty() { "No changes".to_owned() } else { parts.join(", ") }
    }

    /// The number of rows by outcome, as a sum: "3 added + 9 no change = 12 rows".
    pub fn sum(&self) -> String {
        let parts = RowOutcome::ALL.into_iter().filter(|outcome| self.of(*outcome) > 0);
        let parts = parts.map(|outcome| format!("{} {}", self.of(outcome), outcome.label().to_lowercase()));
        let parts: Vec<String> = parts.collect();
        match parts.as_slice() {
            [] => words::rows(0),
            _ => format!("{} = {}", parts.join(" + "), words::rows(self.total())),
        }
    }

    /// Counts one more row. `ends` is the field with the last day of a record, `day` that of the file.
    pub(super) fn count(&mut self, line: &RowLine, ends: &str, day: NaiveDate) {
        let soon = day + SOON;
        // Who has a newer enrolment stays.
        let is_latest = line.outcome != RowOutcome::History;
        self.ended += u32::from(is_latest && line.notes.iter().any(|note| note.is_ending(ends, soon)));
        self.fixed += u32::from(is_fixed(line));
        self.by_hand += u32::from(line.notes.iter().any(|note| note.code == KEPT));
        self.left_out += u32::from(line.is_shown_by(LogFilter::LeftOut));
        self.without_end += u32::from(line.lacks_end());
        self.asked += u32::from(line.notes.iter().any(|note| note.code == ASKS_ELSEWHERE));
        self.address_held += u32::from(line.outcome != RowOutcome::Held && line.held.is_some());
        let of = match line.outcome {
            RowOutcome::Added => &mut self.added,
            RowOutcome::Updated => &mut self.updated,
            RowOutcome::Linked => &mut self.linked,
            RowOutcome::Unchanged => &mut self.unchanged,
            RowOutcome::History => &mut self.history,
            RowOutcome::Skipped => &mut self.skipped,
            RowOutcome::Kept => &mut self.kept,
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
    /// Whether a key stands in several rows that are not the same; `None` if nobody has looked.
    #[serde(default)]
    pub repeats_keys: Option<bool>,
    /// Whether rows take names or dates of birth from each other.
    #[serde(default)]
    pub crosses: bool,
    /// What the file ends, if a second person has to approve it.
    #[serde(default)]
    pub guarded: Option<Guarded>,
    /// The number of rows whose key nobody has, if they are so many that the column may be the wrong one.
    #[serde(default)]
    pub doubted: u32,
}

impl FileFindings {
    /// What is asked about a column of which too few keys are known.
    pub fn doubt(self, counts: &PlanCounts) -> Option<String> {
        (self.doubted > 0).then(|| {
            format!(
                "In {} of {} rows, nobody has the number or login that stands there. If the column is the wrong one, go back and choose another. If it is right, say so below: these rows are then rejected, and can go back to who sent them.",
                self.doubted,
                counts.total()
            )
        })
    }

    /// Whether every key is new although most names are known: the other system has new numbers, or the wrong
    /// column was chosen.
    pub fn has_only_new_keys(self, counts: &PlanCounts) -> bool {
        let read = counts.total() - counts.rejected;
        self.keys_known == 0 && self.names_known > 0 && self.names_known * 2 >= read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_one_outcome_and_the_sum_says_so() {
        let counts = PlanCounts { added: 3, kept: 1, linked: 2, left_out: 2, ..PlanCounts::default() };
        assert_eq!(counts.sum(), "3 added + 2 linked + 1 kept = 6 rows");
        assert_eq!(PlanCounts::default().sum(), "0 rows");
    }

    #[test]
    fn what_needs_a_person_comes_first_and_zeros_are_left_out() {
        let counts = PlanCounts {
            added: 3,
            updated: 2,
            history: 3,
            held: 3,
            address_held: 1,
            ..PlanCounts::default()
        };
        assert_eq!(counts.sentence(), "4 held back, 3 added, 2 updated, 3 earlier enrolments");
        let counts = PlanCounts { rejected: 1, history: 1, unchanged: 9, ..PlanCounts::default() };
        assert_eq!(counts.sentence(), "1 rejected, 1 earlier enrolment");
        assert_eq!(PlanCounts { unchanged: 9, ..PlanCounts::default() }.sentence(), "No changes");
    }
}
