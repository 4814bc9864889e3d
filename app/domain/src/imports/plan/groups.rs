//! Planning the rows of one key together.

use super::{Planner, left_out};
use crate::imports::held::HeldReason;
use crate::imports::kind::{EarlierRows, ImportKind};
use crate::imports::note::{Note, Verdict};
use crate::imports::outcome::RowOutcome;
use crate::imports::repeats::{Group, RowRole, asked};
use crate::imports::who::Matches;

/// The code of a note that another row has to be decided or corrected first.
pub const WAITS_FOR_ROW: &str = "waits_for_row";
/// The same, where that row is rejected.
pub const AFTER_REJECTED: &str = "after_rejected_row";
/// The code of a row that has nothing of its own, because another one about the same person counts.
pub const ANOTHER_COUNTS: &str = "another_row_counts";
/// The code of a row that is left out because another one has its key, and that may be about somebody else.
pub const ANOTHER_HAS_KEY: &str = "another_row_has_key";
/// The code of a note that a row of the history may be about somebody else.
pub const MAY_BE_ANOTHER: &str = "may_be_another";

impl<K: ImportKind> Planner<K> {
    /// The verdict on a row of a group. The first row that is reached plans them all.
    pub(super) fn in_group(&mut self, number: u32, matches: &Matches<'_, K::Current>) -> Verdict<K::Write> {
        if let Some(verdict) = self.planned.remove(&number) {
            return verdict;
        }
        let group = self.groups.take(number);
        self.plan_group(&group, matches);
        self.planned.remove(&number).unwrap_or_else(left_out)
    }

    fn plan_group(&mut self, group: &Group<K::Row>, matches: &Matches<'_, K::Current>) {
        let of = |wanted: RowRole| group.rows.iter().filter(move |(.., role)| *role == wanted);
        let earlier: Vec<(u32, &K::Row)> =
            of(RowRole::Earlier).map(|(number, row, _)| (*number, row)).collect();
        for (number, row, _) in of(RowRole::Main) {
            let rows: Vec<&K::Row> = earlier.iter().map(|(_, row)| *row).collect();
            let (mut newest, current) = self.judge(*number, row, matches, &rows);
            let said = match newest.outcome {
                RowOutcome::Held
                    if newest.held.as_ref().is_none_or(|of| of.reason != HeldReason::Address) =>
                {
                    rows.iter().map(|_| waits(*number)).collect()
                }
                RowOutcome::Rejected => rows.iter().map(|_| after_rejected(*number)).collect(),
                RowOutcome::Skipped => {
                    rows.iter().map(|_| Verdict { write: None, ..newest.clone() }).collect()
                }
                _ => {
                    let together = EarlierRows { rows: rows.clone(), newest: row, number: *number, current };
                    let mut said = K::earlier(&together, &mut newest);
                    for (verdict, earlier) in said.iter_mut().zip(rows) {
                        if !K::rows_resemble(row, earlier).is_possible() {
                            doubt(*number, verdict);
                        }
                    }
                    said
                }
            };
            self.planned.extend(earlier.iter().map(|(number, _)| *number).zip(said));
            self.planned.insert(*number, newest);
        }
        for (number, _, role) in &group.rows {
            let verdict = match role {
                RowRole::Main | RowRole::Earlier => continue,
                RowRole::Asked => asked::<K>(*number, group).map_or_else(left_out, Verdict::held),
                apart => self::apart::<K>(*apart),
            };
            self.planned.insert(*number, verdict);
        }
    }
}

/// The verdict on a row that is compared with no record.
pub(super) fn apart<K: ImportKind>(role: RowRole) -> Verdict<K::Write> {
    match role {
        RowRole::Same(first) => {
            Verdict::told(RowOutcome::Skipped, Note::new("repeated_row").with("row", first))
        }
        RowRole::Another(first) => Verdict::rejected(K::same_key(first)),
        RowRole::Apart(first) => has_key(first),
        RowRole::Waits(first) => waits(first),
        RowRole::Main | RowRole::Earlier | RowRole::LeftOut | RowRole::Asked => left_out(),
    }
}

/// Says of a row that counts for nothing, or for the history, that it may be about somebody else: its name or date of
/// birth is not that of the row that counts.
fn doubt<W>(newest: u32, verdict: &mut Verdict<W>) {
    if verdict.code == ANOTHER_COUNTS {
        *verdict = has_key(newest);
    } else {
        verdict.notes.push(Note::new(MAY_BE_ANOTHER).with("row", newest));
    }
}

fn has_key<W>(row: u32) -> Verdict<W> {
    Verdict::told(RowOutcome::Skipped, Note::new(ANOTHER_HAS_KEY).with("row", row))
}

fn waits<W>(row: u32) -> Verdict<W> {
    Verdict::told(RowOutcome::Held, Note::new(WAITS_FOR_ROW).with("row", row))
}

fn after_rejected<W>(row: u32) -> Verdict<W> {
    Verdict::rejected(Note::new(AFTER_REJECTED).with("row", row))
}
