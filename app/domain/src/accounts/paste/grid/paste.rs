//! Pasting into the grid: a list whose columns are recognised, or cells over those that are there.

use std::ops::RangeInclusive;

use super::super::arrange::{ArrangedPaste, arrange};
use super::super::names::{self, NameOrder};
use super::super::read::{RawRows, ReadError};
use super::super::{MOST_ROWS, PasteColumn, PastedRow};
use super::{CellPlace, PasteGrid, WIDTH};

/// What a paste did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PasteReport {
    /// How many rows it filled.
    pub rows: usize,
    /// Whether its first row was its headings.
    pub has_headings: bool,
    /// Columns that have no place.
    pub left_out: Vec<String>,
    /// How many rows are about nobody, and are left out.
    pub skipped: usize,
}

impl PasteGrid {
    /// Pastes cells at the cursor, over what is there. A list from the first column on has its columns recognised; a single
    /// cell fills all that are selected. `order` is what somebody said of whole names.
    ///
    /// # Errors
    /// If the grid would have too many rows, or nothing says which part of whole names comes first; nothing is changed then.
    pub fn paste(&mut self, raw: &RawRows, order: Option<NameOrder>) -> Result<PasteReport, ReadError> {
        let (rows, columns) = self.selection();
        let start = CellPlace { row: *rows.start(), column: *columns.start() };
        let width = raw.iter().map(Vec::len).max().unwrap_or(0);
        if let ([only], 1) = (&raw[..], width)
            && self.anchor.is_some()
        {
            return Ok(self.fill(&only[0], (rows, columns)));
        }
        if start.column == 0 && (width > 1 || self.are_whole_names(start.row, raw)) {
            return self.paste_list(start.row, arrange(raw, order)?);
        }
        let end = start.row + raw.len();
        if end > MOST_ROWS {
            return Err(ReadError::TooManyRows(end));
        }
        let beyond = (WIDTH - start.column..width).map(|at| format!("column {}", at + 1)).collect();
        let pasted = raw.len();
        let changed: Vec<PastedRow> = raw
            .iter()
            .enumerate()
            .map(|(at, cells)| {
                let mut row = self.row(start.row + at);
                row.who = None;
                for (to, text) in row.cells[start.column..].iter_mut().zip(cells) {
                    to.clone_from(text);
                }
                row
            })
            .collect();
        self.put(start.row, changed);
        self.select(start, CellPlace { row: end - 1, column: (start.column + width).min(WIDTH) - 1 });
        Ok(PasteReport { rows: pasted, left_out: beyond, ..PasteReport::default() })
    }

    /// Whether a single column is pasted that may have whole names: several of most words, beside no given names.
    fn are_whole_names(&self, at: usize, raw: &RawRows) -> bool {
        let given = |row: usize| self.text(CellPlace { row, column: PasteColumn::GivenName.at() });
        let whole = raw.iter().flatten().filter(|cell| cell.contains(',') || names::has_words(cell)).count();
        raw.len() > 1 && whole * 2 > raw.len() && (at..at + raw.len()).all(|row| given(row).is_empty())
    }

    fn fill(
        &mut self,
        text: &str,
        (rows, columns): (RangeInclusive<usize>, RangeInclusive<usize>),
    ) -> PasteReport {
        let first = *rows.start();
        let changed: Vec<PastedRow> = rows
            .map(|at| {
                let mut row = self.row(at);
                row.cells[columns.clone()].fill(text.to_owned());
                row.who = None;
                row
            })
            .collect();
        let pasted = changed.len();
        self.put(first, changed);
        PasteReport { rows: pasted, ..PasteReport::default() }
    }

    fn paste_list(&mut self, at: usize, arranged: ArrangedPaste) -> Result<PasteReport, ReadError> {
        let ArrangedPaste { rows, has_headings, left_out, skipped } = arranged;
        let pasted = rows.len();
        if at + pasted > MOST_ROWS {
            return Err(ReadError::TooManyRows(at + pasted));
        }
        if pasted == 0 {
            return Err(ReadError::Nothing);
        }
        self.put(at, rows);
        let last = CellPlace { row: at + pasted - 1, column: WIDTH - 1 };
        self.select(CellPlace { row: at, column: 0 }, last);
        Ok(PasteReport { rows: pasted, has_headings, left_out, skipped })
    }

    /// Selects from one cell to another, with the cursor on the first.
    fn select(&mut self, from: CellPlace, to: CellPlace) {
        self.cursor = from;
        self.anchor = (from != to).then_some(to);
    }
}
