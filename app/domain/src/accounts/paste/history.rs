//! What was changed in a grid, to be undone and done again.

use super::PastedRow;

/// The most changes that are kept.
const KEPT: usize = 200;

/// Rows that took the place of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RowChange {
    /// The first of them.
    pub(super) at: usize,
    /// What was there.
    pub(super) before: Vec<PastedRow>,
    /// What is there now.
    pub(super) after: Vec<PastedRow>,
}

impl RowChange {
    fn reversed(&self) -> Self {
        Self { at: self.at, before: self.after.clone(), after: self.before.clone() }
    }

    /// Puts the rows in their place.
    pub(super) fn apply(&self, rows: &mut Vec<PastedRow>) {
        if rows.len() < self.at {
            rows.resize(self.at, PastedRow::default());
        }
        let end = (self.at + self.before.len()).min(rows.len());
        rows.splice(self.at..end, self.after.iter().cloned());
    }
}

/// The changes so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct History {
    done: Vec<RowChange>,
    undone: Vec<RowChange>,
}

impl History {
    /// Adds a change that was made.
    pub(super) fn add(&mut self, change: RowChange) {
        self.undone.clear();
        if self.done.len() == KEPT {
            self.done.remove(0);
        }
        self.done.push(change);
    }

    /// The change that takes back the last one.
    pub(super) fn back(&mut self) -> Option<RowChange> {
        let change = self.done.pop()?;
        let back = change.reversed();
        self.undone.push(change);
        Some(back)
    }

    /// The change that was taken back last.
    pub(super) fn again(&mut self) -> Option<RowChange> {
        let change = self.undone.pop()?;
        self.done.push(change.clone());
        Some(change)
    }

    /// Whether there is something to take back.
    pub(super) fn has_done(&self) -> bool {
        !self.done.is_empty()
    }

    /// Whether something was taken back.
    pub(super) fn has_undone(&self) -> bool {
        !self.undone.is_empty()
    }
}
