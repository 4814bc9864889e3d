//! Columns of a roll in memory: texts joined into one string, and labels that many rows share.

use std::collections::HashMap;
use std::ops::Range;

/// Converts a position in a text that starts at `start` to its position once the text starts at `before`.
pub(super) fn moved(place: u32, start: usize, before: usize) -> u32 {
    u32::try_from(place as usize - start + before).unwrap_or(u32::MAX)
}

/// One text per row, joined into a single string: two allocations, however many rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Texts {
    text: String,
    ends: Vec<u32>,
}

impl Texts {
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        // Names never add up to four gigabytes. If they did, the column would be cut short but stay aligned
        // with its rows.
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    /// Copies a range of rows from another column.
    pub(super) fn push_run(&mut self, source: &Self, rows: Range<usize>) {
        if rows.is_empty() {
            return;
        }
        let (start, end) = (source.span(rows.start).0, source.span(rows.end - 1).1);
        let before = self.text.len();
        self.text.push_str(&source.text[start..end]);
        self.ends.extend(source.ends[rows].iter().map(|old| moved(*old, start, before)));
    }

    /// The range of row `row` in [`Self::all`].
    pub(super) fn span(&self, row: usize) -> (usize, usize) {
        let start = if row == 0 { 0 } else { self.ends[row - 1] as usize };
        (start, self.ends[row] as usize)
    }

    pub(super) fn get(&self, row: usize) -> &str {
        let (start, end) = self.span(row);
        &self.text[start..end]
    }

    pub(super) fn all(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

/// One label per row, from a small set such as year groups.
#[derive(Debug, Clone, Default)]
pub(super) struct Labels {
    names: Vec<String>,
    known: HashMap<String, u32>,
    rows: Vec<u32>,
}

impl Labels {
    /// The same labels without rows, so that label numbers can be copied.
    pub(super) fn emptied(&self) -> Self {
        Self {
            names: self.names.clone(),
            known: self.known.clone(),
            rows: Vec::with_capacity(self.rows.len()),
        }
    }

    pub(super) fn push(&mut self, name: &str) {
        let number = self.number(name).unwrap_or_else(|| {
            let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
            self.names.push(name.to_owned());
            self.known.insert(name.to_owned(), number);
            number
        });
        self.rows.push(number);
    }

    /// Copies a range of rows from the column that this one was [`Self::emptied`] from.
    pub(super) fn push_run(&mut self, source: &Self, rows: Range<usize>) {
        self.rows.extend_from_slice(&source.rows[rows]);
    }

    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.known.get(name).copied()
    }

    pub(super) fn number_of(&self, row: usize) -> u32 {
        self.rows[row]
    }

    pub(super) fn get(&self, row: usize) -> &str {
        &self.names[self.rows[row] as usize]
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }
}
