//! What the reading process sends to its parent: one JSON object per line.

use std::io::Write;

use domain::imports::fault::TableFault;
use domain::imports::header::{HEADER_SEARCH, header_row};
use domain::imports::kind::ImportDeclaration;
use serde::{Deserialize, Serialize};

use super::limits;

/// A row of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawRow {
    /// Its number, as a spreadsheet shows it.
    pub number: u32,
    /// Its cells as text, without those beyond the header.
    pub cells: Vec<String>,
}

/// One line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TableLine {
    /// The first line: the names of the columns.
    Header(Vec<String>),
    /// A row.
    Row(RawRow),
    /// The last line: everything was read.
    End,
    /// The last line: the file cannot be read.
    Fault(TableFault),
}

/// Takes rows in file order, finds the header among the first, checks the limits, and writes lines.
pub(super) struct LineWriter<W> {
    kind: &'static ImportDeclaration,
    output: W,
    /// The first rows, until the header is found among them.
    waiting: Vec<RawRow>,
    columns: Option<usize>,
    rows: usize,
    /// Bytes of text so far.
    text: usize,
}

impl<W: Write> LineWriter<W> {
    pub(super) fn new(kind: &'static ImportDeclaration, output: W) -> Self {
        Self { kind, output, waiting: Vec::new(), columns: None, rows: 0, text: 0 }
    }

    /// Takes a row; rows without any text are skipped.
    pub(super) fn row(&mut self, number: u32, mut cells: Vec<String>) -> Result<(), TableFault> {
        for cell in &mut cells {
            if cell.contains('\0') {
                cell.retain(|c| c != '\0');
            }
            if cell.len() > limits::CELL && cell.chars().count() > limits::CELL {
                return Err(TableFault::CellTooLong { row: number, limit: limits::CELL });
            }
        }
        while cells.last().is_some_and(|cell| cell.trim().is_empty()) {
            cells.pop();
        }
        if cells.is_empty() {
            return Ok(());
        }
        if cells.len() > limits::COLUMNS {
            return Err(TableFault::TooManyColumns { row: number, limit: limits::COLUMNS });
        }
        self.text += cells.iter().map(String::len).sum::<usize>();
        if self.text > limits::TEXT {
            return Err(TableFault::Inflates);
        }
        let row = RawRow { number, cells };
        if let Some(columns) = self.columns {
            return self.write_row(columns, row);
        }
        self.waiting.push(row);
        if self.waiting.len() > HEADER_SEARCH { self.find_header() } else { Ok(()) }
    }

    fn find_header(&mut self) -> Result<(), TableFault> {
        let waiting = std::mem::take(&mut self.waiting);
        let first: Vec<Vec<String>> = waiting.iter().map(|row| row.cells.clone()).collect();
        if first.is_empty() {
            return Err(TableFault::Empty);
        }
        let at = header_row(self.kind, &first).ok_or(TableFault::NoHeader)?;
        let mut rows = waiting.into_iter().skip(at);
        let header: Vec<String> = rows
            .next()
            .map(|row| row.cells.iter().map(|cell| cell.trim().to_owned()).collect())
            .unwrap_or_default();
        let columns = header.len();
        self.columns = Some(columns);
        self.write(&TableLine::Header(header))?;
        rows.try_for_each(|row| self.write_row(columns, row))
    }

    fn write_row(&mut self, columns: usize, mut row: RawRow) -> Result<(), TableFault> {
        self.rows += 1;
        if self.rows > limits::ROWS {
            return Err(TableFault::TooManyRows { limit: limits::ROWS });
        }
        row.cells.truncate(columns);
        self.write(&TableLine::Row(row))
    }

    fn write(&mut self, line: &TableLine) -> Result<(), TableFault> {
        // The parent has exited, or memory has run out: either way nobody reads a better answer.
        serde_json::to_writer(&mut self.output, line).map_err(|_| TableFault::TooDemanding)?;
        self.output.write_all(b"\n").map_err(|_| TableFault::TooDemanding)
    }

    /// Ends the output, with the reason if the file could not be read.
    pub(super) fn finish(mut self, read: Result<(), TableFault>) -> std::io::Result<()> {
        let read = read.and_then(|()| if self.columns.is_none() { self.find_header() } else { Ok(()) });
        let last = match read {
            Ok(()) if self.rows == 0 => TableLine::Fault(TableFault::NoRows),
            Ok(()) => TableLine::End,
            Err(fault) => TableLine::Fault(fault),
        };
        serde_json::to_writer(&mut self.output, &last)?;
        self.output.write_all(b"\n")?;
        self.output.flush()
    }
}
