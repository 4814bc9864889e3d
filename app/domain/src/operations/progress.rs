//! How far a long operation has come, as it crosses the wire.

use serde::{Deserialize, Serialize};

use super::state::Ending;
use crate::ids::OperationId;

/// Where a long operation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It waits for its turn.
    Queued,
    /// It runs.
    Running,
    /// It was cancelled, and takes back what it has written.
    Cancelling,
    /// It grew over the size that needs no second person.
    NeedsApproval,
    /// It ran.
    Done,
    /// It ran and was undone.
    Undone,
    /// It did not run, and nothing was written.
    Ended(Ending),
}

impl Stage {
    /// Whether nothing more will happen by itself.
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Queued | Self::Running | Self::Cancelling)
    }

    /// Whether it can still be cancelled.
    pub fn can_cancel(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
    }
}

/// The page that shows what an operation made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultPage {
    /// Its address.
    pub href: String,
    /// The words of the link.
    pub label: String,
}

/// How many were left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOutCount {
    /// The reason, as "12 left out: …" goes on.
    pub reason: String,
    /// How many.
    pub count: u32,
}

/// How far a long operation has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationProgress {
    /// Which.
    pub id: OperationId,
    /// What it is: "100000 new accounts".
    pub what: String,
    /// Where it stands.
    pub stage: Stage,
    /// What it is doing at the moment.
    pub step: Option<String>,
    /// How many rows of `total` are done; nothing is final before all are.
    pub done: u64,
    /// How many rows there are.
    pub total: u64,
    /// Who was left out of it.
    pub left_out: Vec<LeftOutCount>,
    /// What happened and what to do, where it did not run.
    pub why: Option<String>,
    /// Where to see what it made; only once it ran.
    pub result: Option<ResultPage>,
}

impl OperationProgress {
    /// "12,000 of 100,000"; nothing before it is known how many there are.
    pub fn in_figures(&self) -> Option<String> {
        (self.total > 0).then(|| format!("{} of {}", grouped(self.done), grouped(self.total)))
    }
}

/// A number with a comma after every three digits, as English writes it.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_are_grouped_by_thousands() {
        let texts = [0, 7, 999, 1000, 12_000, 100_000, 1_234_567].map(grouped);
        assert_eq!(texts, ["0", "7", "999", "1,000", "12,000", "100,000", "1,234,567"]);
    }

    #[test]
    fn only_what_waits_or_runs_can_be_cancelled_and_what_takes_itself_back_is_not_over() {
        assert!(Stage::Queued.can_cancel() && Stage::Running.can_cancel());
        assert!(!Stage::Cancelling.can_cancel() && !Stage::Cancelling.is_over());
        for over in [Stage::Done, Stage::Undone, Stage::NeedsApproval, Stage::Ended(Ending::Cancelled)] {
            assert!(over.is_over() && !over.can_cancel());
        }
    }
}
