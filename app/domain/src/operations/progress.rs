//! The progress of a long operation, as sent over the wire.

use serde::{Deserialize, Serialize};

use super::state::OperationEnding;
use crate::ids::OperationId;

/// The stage of a long operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationStage {
    /// Waiting for its turn.
    Queued,
    /// Running.
    Running,
    /// Cancelled, and undoing what it has written.
    Cancelling,
    /// It is now large enough to need a second person's approval.
    NeedsApproval,
    /// It ran successfully.
    Done,
    /// It ran and was undone.
    Undone,
    /// It did not run, and changed nothing.
    Ended(OperationEnding),
}

impl OperationStage {
    /// Whether nothing more will happen without someone acting.
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Queued | Self::Running | Self::Cancelling)
    }

    /// Whether it can still be cancelled.
    pub fn can_cancel(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
    }
}

/// A page that shows what an operation created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultPage {
    /// Its address.
    pub href: String,
    /// The link text.
    pub label: String,
}

/// The number of people left out for a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOutCount {
    /// The reason after "12 left out: ".
    pub reason: String,
    /// How many people.
    pub count: u32,
}

/// "2 left out: in the group already. 1 left out: not at the school on that day." Empty if nobody was.
pub fn left_out_in_words(left_out: &[LeftOutCount]) -> String {
    let lines: Vec<String> =
        left_out.iter().map(|left| format!("{} left out: {}.", left.count, left.reason)).collect();
    lines.join(" ")
}

/// The progress of a long operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationProgress {
    /// The operation.
    pub id: OperationId,
    /// What it is: "100000 new accounts".
    pub what: String,
    /// The stage.
    pub stage: OperationStage,
    /// What it is doing now.
    pub step: Option<String>,
    /// How many of the `total` rows are done. Nothing is final until all are.
    pub done: u64,
    /// The number of rows.
    pub total: u64,
    /// How many people were left out, by reason.
    pub left_out: Vec<LeftOutCount>,
    /// If it did not run, what happened and what to do.
    pub why: Option<String>,
    /// The page with its results, once it has run.
    pub result: Option<ResultPage>,
}

impl OperationProgress {
    /// "12,000 of 100,000"; `None` until the total is known.
    pub fn in_figures(&self) -> Option<String> {
        (self.total > 0).then(|| format!("{} of {}", grouped(self.done), grouped(self.total)))
    }
}

/// Formats a number with a comma after every three digits, as in English.
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

/// A number of things in words: "1 student", "2,000 students".
pub fn counted(number: u32, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number.into()), if number == 1 { one } else { many })
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
        assert!(OperationStage::Queued.can_cancel() && OperationStage::Running.can_cancel());
        assert!(!OperationStage::Cancelling.can_cancel() && !OperationStage::Cancelling.is_over());
        for over in [
            OperationStage::Done,
            OperationStage::Undone,
            OperationStage::NeedsApproval,
            OperationStage::Ended(OperationEnding::Cancelled),
        ] {
            assert!(over.is_over() && !over.can_cancel());
        }
    }
}
