//! The grid of a list: its cells, where the cursor is, and what keys and pastes do to them. A browser only draws it.

mod keys;
mod paste;
#[cfg(test)]
mod tests;

use std::ops::RangeInclusive;

use super::history::{History, RowChange};
use super::read::copied;
use super::{MOST_ROWS, PasteColumn, PastedRow, WhoDecision, cell};

pub use keys::{GridKey, Pressed};
pub use paste::PasteReport;

/// The rows that an empty grid shows.
const FEWEST_SHOWN: usize = 12;
/// The columns.
const WIDTH: usize = PasteColumn::ALL.len();

/// A cell: its row and its column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CellPlace {
    /// The row's index.
    pub row: usize,
    /// The column's index.
    pub column: usize,
}

/// The grid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PasteGrid {
    rows: Vec<PastedRow>,
    cursor: CellPlace,
    anchor: Option<CellPlace>,
    history: History,
    version: u64,
}

impl PasteGrid {
    /// A grid of these rows.
    pub fn of(mut rows: Vec<PastedRow>) -> Self {
        rows.truncate(MOST_ROWS);
        Self { rows, ..Self::default() }
    }

    /// Its rows. Below them are free ones.
    pub fn rows(&self) -> &[PastedRow] {
        &self.rows
    }

    /// Grows with every change of a cell, and stays while the cursor moves.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Whether it has no text.
    pub fn is_empty(&self) -> bool {
        self.rows.iter().all(PastedRow::is_empty)
    }

    /// How many rows are shown: one more to type in, and never only a few.
    pub fn shown(&self) -> usize {
        (self.rows.len() + 1).clamp(FEWEST_SHOWN, MOST_ROWS)
    }

    /// The text of a cell.
    pub fn text(&self, place: CellPlace) -> &str {
        self.rows.get(place.row).and_then(|row| row.cells.get(place.column)).map_or("", String::as_str)
    }

    /// The cell with the cursor.
    pub fn cursor(&self) -> CellPlace {
        self.cursor
    }

    /// The selected rows and columns: at least the cursor's.
    pub fn selection(&self) -> (RangeInclusive<usize>, RangeInclusive<usize>) {
        let (one, other) = (self.cursor, self.anchor.unwrap_or(self.cursor));
        (
            one.row.min(other.row)..=one.row.max(other.row),
            one.column.min(other.column)..=one.column.max(other.column),
        )
    }

    /// Whether a cell is one of several that are selected.
    pub fn is_selected(&self, place: CellPlace) -> bool {
        let (rows, columns) = self.selection();
        self.anchor.is_some() && rows.contains(&place.row) && columns.contains(&place.column)
    }

    /// Puts the cursor on a cell; `extends` selects from where it was.
    pub fn go(&mut self, to: CellPlace, extends: bool) {
        let to = CellPlace { row: to.row.min(self.shown() - 1), column: to.column.min(WIDTH - 1) };
        self.anchor =
            if extends { self.anchor.or(Some(self.cursor)).filter(|anchor| *anchor != to) } else { None };
        self.cursor = to;
    }

    /// Selects everything.
    fn select_all(&mut self) {
        self.anchor = Some(CellPlace::default());
        self.cursor = CellPlace { row: self.rows.len().saturating_sub(1), column: WIDTH - 1 };
    }

    /// Types a text into a cell. Returns whether that changes it.
    pub fn set(&mut self, place: CellPlace, text: &str) -> bool {
        let text = cell(text);
        if place.column >= WIDTH || place.row >= MOST_ROWS || self.text(place) == text {
            return false;
        }
        let mut row = self.row(place.row);
        row.cells[place.column] = text;
        // Another name or address is another question.
        row.who = None;
        self.put(place.row, vec![row]);
        true
    }

    /// Says who a row is about.
    pub fn decide(&mut self, row: usize, who: WhoDecision) {
        let row_now = PastedRow { who: Some(who), ..self.row(row) };
        self.put(row, vec![row_now]);
    }

    /// Empties the selected cells.
    pub fn clear(&mut self) {
        let (rows, columns) = self.selection();
        let last = (*rows.end()).min(self.rows.len().saturating_sub(1));
        if self.rows.is_empty() || *rows.start() > last {
            return;
        }
        let mut changed = self.rows[*rows.start()..=last].to_vec();
        for row in &mut changed {
            row.cells[columns.clone()].fill(String::new());
            row.who = None;
        }
        self.put(*rows.start(), changed);
    }

    /// Removes the selected rows.
    pub fn remove_rows(&mut self) {
        let (rows, _) = self.selection();
        let (first, end) = (*rows.start(), (*rows.end() + 1).min(self.rows.len()));
        if first < end {
            self.change(RowChange { at: first, before: self.rows[first..end].to_vec(), after: Vec::new() });
        }
        self.anchor = None;
        self.cursor.row = first.min(self.shown() - 1);
    }

    /// Inserts free rows above the selected ones, as many as are selected.
    pub fn insert_rows(&mut self) {
        let (rows, _) = self.selection();
        let (at, many) = (*rows.start(), rows.count());
        if at < self.rows.len() && self.rows.len() + many <= MOST_ROWS {
            let after = vec![PastedRow::default(); many];
            self.change(RowChange { at, before: Vec::new(), after });
        }
        self.anchor = None;
        self.cursor.row = at;
    }

    /// The selected cells as text for the clipboard.
    pub fn copy(&self) -> String {
        let (rows, columns) = self.selection();
        copied(rows.map(|row| {
            columns.clone().map(|column| self.text(CellPlace { row, column })).collect::<Vec<_>>()
        }))
    }

    fn row(&self, at: usize) -> PastedRow {
        self.rows.get(at).cloned().unwrap_or_default()
    }

    /// Replaces as many rows by these.
    fn put(&mut self, at: usize, after: Vec<PastedRow>) {
        let at = at.min(MOST_ROWS);
        // Rows between the last and the first of these are part of the change, so that an undo removes them.
        let from = at.min(self.rows.len());
        let end = (at + after.len()).min(self.rows.len()).max(from);
        let before = self.rows[from..end].to_vec();
        let mut all = vec![PastedRow::default(); at - from];
        all.extend(after);
        if before != all {
            self.change(RowChange { at: from, before, after: all });
        }
    }

    fn change(&mut self, change: RowChange) {
        change.apply(&mut self.rows);
        self.version += 1;
        self.history.add(change);
    }

    /// Takes the last change back. Returns whether there was one.
    pub fn undo(&mut self) -> bool {
        let change = self.history.back();
        self.step(change)
    }

    /// Makes the change again that was taken back last.
    pub fn redo(&mut self) -> bool {
        let change = self.history.again();
        self.step(change)
    }

    fn step(&mut self, change: Option<RowChange>) -> bool {
        let Some(change) = change else { return false };
        change.apply(&mut self.rows);
        self.version += 1;
        self.anchor = None;
        self.cursor.row = change.at.min(self.shown() - 1);
        true
    }

    /// Whether there is a change to take back, and one to make again.
    pub fn steps(&self) -> (bool, bool) {
        (self.history.has_done(), self.history.has_undone())
    }
}
