//! One file of an export: its columns by name, and its rows.

use std::collections::HashMap;

use csv::StringRecord;
use domain::imports::fault::TableFault;

use crate::tables::records::{Records, TextFormat, has_escapes};

/// A CSV file of the export, in any encoding and with any separator that the rest of Greencap reads.
#[derive(Default)]
pub(super) struct OneRosterFile {
    /// Whether the export has no such file.
    is_missing: bool,
    columns: HashMap<String, usize>,
    rows: Vec<StringRecord>,
}

impl OneRosterFile {
    /// Reads its text.
    pub(super) fn read(text: &str) -> Result<Self, TableFault> {
        let text = text.trim_start_matches('\u{feff}');
        let is_missing = text.is_empty();
        let header = text.lines().next().unwrap_or_default();
        let separators = [b',', b';', b'\t', b'|'];
        let count = |separator: &u8| header.bytes().filter(|byte| byte == separator).count();
        let delimiter = separators.into_iter().rev().max_by_key(count).unwrap_or(b',');
        let format = TextFormat { delimiter, width: count(&delimiter) + 1, escapes: false };
        let format = TextFormat { escapes: has_escapes(text, format), ..format };
        let mut records = Records::new(text, format, 0);
        let Some(header) = records.next()? else { return Ok(Self { is_missing, ..Self::default() }) };
        let names = header.cells.iter().enumerate();
        let columns = names.map(|(at, name)| (name.trim().to_lowercase(), at)).collect();
        let mut rows = Vec::new();
        while let Some(record) = records.next()? {
            rows.push(StringRecord::from(record.cells));
        }
        Ok(Self { is_missing, columns, rows })
    }

    /// Whether the export has no such file, or an empty one.
    pub(super) fn is_missing(&self) -> bool {
        self.is_missing
    }

    /// Whether it has no rows.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether it has a column, by its name in lower case.
    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    pub(super) fn cell<'r>(&self, row: &'r StringRecord, column: &str) -> &'r str {
        self.columns.get(column).and_then(|at| row.get(*at)).unwrap_or_default().trim()
    }

    /// The first of these columns that has a value in the row.
    pub(super) fn first<'r>(&self, row: &'r StringRecord, columns: &[&str]) -> &'r str {
        columns.iter().map(|column| self.cell(row, column)).find(|cell| !cell.is_empty()).unwrap_or_default()
    }

    /// Every row.
    pub(super) fn all(&self) -> impl Iterator<Item = (usize, &StringRecord)> {
        self.rows.iter().enumerate()
    }

    /// Rows that are not marked for deletion, as in delta exports.
    pub(super) fn live(&self) -> impl Iterator<Item = &StringRecord> {
        self.rows.iter().filter(|row| !self.is_deleted(row))
    }

    /// Whether a row is marked for deletion.
    pub(super) fn is_deleted(&self, row: &StringRecord) -> bool {
        self.cell(row, "status").eq_ignore_ascii_case("tobedeleted")
    }
}
