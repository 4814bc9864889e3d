//! The counts of a simulation.

use serde::{Deserialize, Serialize};

use super::outcome::{LogFilter, RowOutcome};
use super::views::RowLine;

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

    /// Counts one more row.
    pub(super) fn count(&mut self, line: &RowLine) {
        self.left_out += u32::from(line.is_shown_by(LogFilter::LeftOut));
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
}

impl FileFindings {
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
