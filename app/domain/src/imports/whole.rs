//! The plan of a file whose rows mean something only together, such as a list of guardians in which one adult has
//! several rows. [`super::plan`] plans row by row.

use chrono::NaiveDate;

use super::cells::DATED;
use super::counts::PlanCounts;
use super::note::Verdict;
use super::outcome::RowOutcome;
use super::plan::RowPlan;
use super::read_row::ReadRow;
use super::views::RowLine;
use crate::operations::facts::{Facts, FactsHasher};
use crate::operations::plan::PlanHash;

/// The plan of a whole file.
#[derive(Debug, Clone)]
pub struct WholePlan<W> {
    /// Its rows, in the order of the file.
    pub rows: Vec<RowPlan<W>>,
    /// The number of rows with each outcome.
    pub counts: PlanCounts,
    /// The hash of all rows.
    pub hash: PlanHash,
}

impl<W: Facts> WholePlan<W> {
    /// Puts the verdicts on the rows that can be read, in their order, together with those that cannot. `ends` is the
    /// field with the last day of a record, `day` that of the file.
    pub fn of<R>(read: Vec<ReadRow<R>>, verdicts: Vec<Verdict<W>>, (ends, day): (&str, NaiveDate)) -> Self {
        let mut verdicts = verdicts.into_iter();
        let (mut counts, mut facts) = (PlanCounts::default(), FactsHasher::default());
        let plan = |ReadRow { number, key, row }: ReadRow<R>| {
            let verdict = match row {
                Err((outcome, problems)) => unread(outcome, problems),
                Ok((_, notes)) => {
                    let mut verdict =
                        verdicts.next().unwrap_or_else(|| unread(RowOutcome::Rejected, Vec::new()));
                    let is_new = verdict.outcome == RowOutcome::Added;
                    verdict.notes.extend(notes.into_iter().filter(|note| is_new || note.code != DATED));
                    verdict
                }
            };
            let Verdict { outcome, code, notes, write, held } = verdict;
            let plan = RowPlan { number, line: RowLine { outcome, code, notes, held }, key, write };
            counts.count(&plan.line, ends, day);
            facts.row(&plan);
            plan
        };
        let rows = read.into_iter().map(plan).collect();
        Self { rows, counts, hash: facts.finish() }
    }
}

fn unread<W>(outcome: RowOutcome, problems: Vec<super::note::Note>) -> Verdict<W> {
    Verdict {
        outcome,
        code: problems.first().map_or("unreadable".into(), |problem| problem.code.clone()),
        notes: problems,
        write: None,
        held: None,
    }
}
