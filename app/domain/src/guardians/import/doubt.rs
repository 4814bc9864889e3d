//! A column of keys of which too few are known: one question about the column, not a mistake in each of its rows.

use super::plan::{PlanRow, Trouble};
use crate::imports::held::{ChoiceKind, Choices, HeldChoice, HeldReason, HeldRow, ShownPerson};

/// Fewer rows say nothing about a column.
const ROWS: usize = 10;

/// The share of known keys, in percent, below which the column is doubted.
const KNOWN: usize = 80;

/// Holds the rows back whose key nobody has, if they are too many of `keyed`, the rows that have a key. `code` is that of
/// the note which rejects them. Who has said that the column is right gets them rejected, each by itself.
pub(super) fn ask(
    rows: &[PlanRow<'_>],
    troubles: &mut [Option<Trouble>],
    (code, keyed): (&str, usize),
    choices: &Choices,
) {
    let key = |trouble: &Option<Trouble>| match trouble {
        Some(Trouble::Rejected(note)) if note.code == code && !note.get("value").is_empty() => {
            Some(note.get("value").to_owned())
        }
        _ => None,
    };
    let unknown = troubles.iter().filter(|trouble| key(trouble).is_some()).count();
    if keyed < ROWS || unknown * 100 <= keyed * (100 - KNOWN) {
        return;
    }
    for (row, trouble) in rows.iter().zip(troubles) {
        let Some(key) = key(trouble).filter(|_| choices.of(row.number, HeldReason::UnknownKey).is_none())
        else {
            continue;
        };
        let in_file = ShownPerson { key, ..ShownPerson::default() };
        let right = vec![HeldChoice::of(ChoiceKind::RightColumn)];
        let held = HeldRow::new(HeldReason::UnknownKey, in_file, Vec::new(), right);
        *trouble = Some(Trouble::Held(Box::new(held)));
    }
}
