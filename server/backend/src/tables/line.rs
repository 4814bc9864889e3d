//! What the reading process sends to its parent: one JSON object per line.

use std::io::Write;

use domain::imports::extras::no_record;
use domain::imports::fault::TableFault;
use domain::imports::header::{
    HEADER_SEARCH, HeaderEvidence, HeaderFound, column_name, find_header, first_record,
};
use domain::imports::headings::joined;
use domain::imports::kind::{ImportDeclaration, header_key};
use domain::imports::note::Note;
use domain::imports::reading::{FileReading, NO_NAMES, ReadOptions};
use domain::imports::remark::{
    CELL_WITHOUT_NAME, HIDDEN_ROW, MERGED_ACROSS, MERGED_CELL, MERGED_DOWN, NO_VALUE, Remark, TAKEN_APART,
    TOO_FEW_CELLS, TOO_MANY_CELLS,
};
use domain::imports::sent_back::{SENT_BACK, is_reason};
use serde::{Deserialize, Serialize};

use super::apart::{other_quotes, taken_apart};
use super::limits;
use super::secrets::SecretColumns;

/// How many names are collected to show the encoding.
const ODD_NAMES: usize = 50;

/// A row of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawRow {
    /// Its number, as a spreadsheet shows it.
    pub number: u32,
    /// Its cells as text, without those beyond the header.
    pub cells: Vec<String>,
    /// What reading it found out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
}

/// One line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TableLine {
    /// The first line: the names of the columns.
    Header(Vec<String>),
    /// A row.
    Row(RawRow),
    /// The line before the end: how the file was read.
    Reading(Box<FileReading>),
    /// The last line: everything was read.
    End,
    /// The last line: the file cannot be read.
    Fault(TableFault),
}

/// Takes rows in file order, finds the header among the first, checks the limits, and writes lines.
pub(super) struct LineWriter<W> {
    kind: &'static ImportDeclaration,
    output: W,
    /// How the file is read.
    pub(super) reading: FileReading,
    /// The columns that a person would recognise: names.
    named: Vec<usize>,
    /// Cells of these columns with letters beyond ASCII, with their columns.
    odd_names: Vec<(usize, String)>,
    /// The first rows, until the header is found among them.
    waiting: Vec<WaitingRow>,
    header: Option<Vec<String>>,
    /// Its names, folded to compare rows with them.
    header_keys: Vec<String>,
    /// The column with what Greencap has written into a file that it sent back.
    reason: Option<usize>,
    /// How many cells the header's row has in the file, with those after the last name.
    header_cells: usize,
    secrets: SecretColumns,
    origin: CellOrigin,
    rows: usize,
    /// Bytes of text so far.
    text: usize,
}

/// Where cells come from: whether one too many can have moved the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CellOrigin {
    /// Text, in which a separator inside a cell moves the cells after it.
    Text,
    /// A grid, in which each cell has its place.
    Grid,
}

/// A row that waits for the header to be found.
struct WaitingRow {
    row: RawRow,
    /// How many cells it has in the file, with empty ones at its end.
    width: usize,
}

/// Takes what Greencap has written into a row that it sent back, and remembers only that it did.
fn take_reason(column: Option<usize>, row: &mut RawRow) {
    let Some(at) = column else { return };
    if let Some(cell) = row.cells.get_mut(at).filter(|cell| !cell.trim().is_empty()) {
        cell.clear();
        row.remarks.push(Remark::Say(Note::new(SENT_BACK)));
    }
}

impl<W: Write> LineWriter<W> {
    pub(super) fn new(kind: &'static ImportDeclaration, options: &ReadOptions, output: W) -> Self {
        Self {
            kind,
            output,
            reading: FileReading { asked: options.clone(), ..FileReading::default() },
            named: Vec::new(),
            odd_names: Vec::new(),
            waiting: Vec::new(),
            header: None,
            header_keys: Vec::new(),
            reason: None,
            header_cells: 0,
            secrets: SecretColumns::default(),
            origin: CellOrigin::Grid,
            rows: 0,
            text: 0,
        }
    }

    /// Says where the cells come from; a grid, if not said.
    pub(super) fn from(&mut self, origin: CellOrigin) {
        self.origin = origin;
    }

    /// Takes a row; rows without any text are skipped.
    pub(super) fn row(&mut self, number: u32, cells: Vec<String>) -> Result<(), TableFault> {
        self.remarked_row(number, cells, Vec::new())
    }

    /// Takes a row, with what was found out about it.
    pub(super) fn remarked_row(
        &mut self,
        number: u32,
        mut cells: Vec<String>,
        remarks: Vec<Remark>,
    ) -> Result<(), TableFault> {
        let width = cells.len();
        for cell in &mut cells {
            // How a spreadsheet is told to keep leading zeros.
            if let Some(text) = cell.trim().strip_prefix("=\"").and_then(|cell| cell.strip_suffix('"')) {
                *cell = text.to_owned();
            }
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
        if cells.is_empty() && !remarks.iter().any(|remark| remark.lost().is_some()) {
            return Ok(());
        }
        if cells.len() > limits::COLUMNS {
            return Err(TableFault::TooManyColumns { row: number, limit: limits::COLUMNS });
        }
        self.text += cells.iter().map(String::len).sum::<usize>();
        if self.text > limits::TEXT {
            return Err(TableFault::Inflates);
        }
        let row = RawRow { number, cells, remarks };
        if self.header.is_some() {
            return self.write_row(row, width);
        }
        let asked = self.reading.asked.header_row.filter(|asked| *asked != NO_NAMES);
        // The row above the one that was asked for can have the first halves of its names.
        if asked.is_some_and(|asked| number < asked) {
            self.waiting.clear();
        }
        self.waiting.push(WaitingRow { row, width });
        let is_asked_for = asked.is_some_and(|asked| number >= asked);
        if is_asked_for || self.waiting.len() > HEADER_SEARCH { self.find_header() } else { Ok(()) }
    }

    /// Where the header is among the rows that wait; `None` if they are all records.
    fn header_among(&self, rows: &[Vec<String>]) -> Result<Option<HeaderFound>, TableFault> {
        let asked = self.reading.asked.header_row;
        match asked {
            Some(NO_NAMES) => Ok(None),
            Some(row) => {
                let at = self.waiting.iter().position(|waiting| waiting.row.number == row);
                let at = at.ok_or(TableFault::NoSuchHeader { row })?;
                let is_joined = at > 0 && joined(self.kind, &rows[at - 1], &rows[at]).is_some();
                Ok(Some(HeaderFound { at, by: HeaderEvidence::Names, is_joined }))
            }
            None if rows.is_empty() => Err(TableFault::Empty),
            None => Ok(find_header(self.kind, rows)),
        }
    }

    fn find_header(&mut self) -> Result<(), TableFault> {
        let first: Vec<Vec<String>> = self.waiting.iter().map(|waiting| waiting.row.cells.clone()).collect();
        let found = self.header_among(&first)?;
        let mut rows = std::mem::take(&mut self.waiting).into_iter();
        let Some(HeaderFound { at, is_joined, .. }) = found else {
            let asked = self.reading.asked.header_row.map(|_| 0);
            let at = first_record(self.kind, &first).or(asked).ok_or(TableFault::NoHeader)?;
            let width = first.iter().skip(at).map(Vec::len).max().unwrap_or(0);
            rows.by_ref().take(at).for_each(drop);
            self.reading.header_row = Some(NO_NAMES);
            self.named = (0..width).collect();
            self.header_cells = width;
            return self.begin(vec![String::new(); width], rows);
        };
        // What stands above the header is not read.
        let above = rows.by_ref().take(at).last();
        let header = rows.next().map(|WaitingRow { row, width }| (row, width));
        let (row, width) = header.ok_or(TableFault::Empty)?;
        let names = above.as_ref().filter(|_| is_joined).and_then(|above| {
            self.reading.names_above = Some(above.row.number);
            joined(self.kind, &above.row.cells, &row.cells)
        });
        let names = names.as_ref().unwrap_or(&row.cells);
        let mut header: Vec<String> = names.iter().map(|name| column_name(name)).collect();
        self.reading.header_row = Some(row.number);
        self.reading.merged_names = spread_names(&mut header, &row, rows.as_slice());
        let is_name = |name: &String| {
            let field = self.kind.usual(name);
            field.is_some_and(|field| self.kind.naming.iter().any(|group| group.contains(&field.slug)))
        };
        self.named = (0..header.len()).filter(|at| is_name(&header[*at])).collect();
        self.header_cells = width;
        self.begin(header, rows)
    }

    /// Writes the header, and the rows that have waited for it.
    fn begin(
        &mut self,
        header: Vec<String>,
        mut rows: std::vec::IntoIter<WaitingRow>,
    ) -> Result<(), TableFault> {
        self.secrets = SecretColumns::of(self.kind, &header);
        self.header_keys = header.iter().map(|name| header_key(name)).collect();
        self.reason = header.iter().position(|name| is_reason(name));
        self.write(&TableLine::Header(header.clone()))?;
        self.header = Some(header);
        rows.try_for_each(|WaitingRow { row, width }| self.write_row(row, width))
    }

    /// Writes a row that has `width` cells in the file.
    fn write_row(&mut self, mut row: RawRow, width: usize) -> Result<(), TableFault> {
        self.rows += 1;
        if self.rows > limits::ROWS {
            return Err(TableFault::TooManyRows { limit: limits::ROWS });
        }
        for (at, cell) in self.named.iter().filter_map(|at| Some((*at, row.cells.get(*at)?))) {
            if self.odd_names.len() < ODD_NAMES && !cell.is_ascii() {
                self.odd_names.push((at, cell.clone()));
            }
        }
        if row.remarks.iter().any(|remark| matches!(remark, Remark::Say(note) if note.code == HIDDEN_ROW)) {
            self.reading.hidden_rows += 1;
        }
        let covered = unfill(&mut row, self.reading.asked.fill_merged == Some(true));
        self.reading.merged_down = self.reading.merged_down.saturating_add(covered);
        let header = self.header.as_deref().unwrap_or_default();
        let other = no_record(&self.header_keys, &row.cells);
        if other.is_none() && self.origin == CellOrigin::Text && row.cells.len() <= header.len() {
            self.reading.short_rows += u32::from(width < header.len());
            check_places(&self.secrets, header, &mut row, width);
        }
        self.secrets.drop_from(&mut row, header.len());
        take_reason(self.reason, &mut row);
        for remark in &mut row.remarks {
            if let Remark::Of { column, note } | Remark::Lost { column, note } = remark {
                let name = header.get(*column).filter(|name| !name.is_empty()).cloned();
                let name = name.unwrap_or_else(|| format!("Column {}", *column + 1));
                *note = std::mem::replace(note, Note::new(NO_VALUE)).with("column", name);
            }
        }
        row.remarks.extend(other.map(Remark::Skip));
        if row.cells.len() > header.len() {
            row.remarks.push(self.beyond(header.len(), &row.cells));
            row.cells.truncate(header.len());
        }
        self.write(&TableLine::Row(row))
    }

    /// What a row's cells beyond the header mean.
    fn beyond(&self, columns: usize, cells: &[String]) -> Remark {
        if self.origin == CellOrigin::Grid || cells.len() <= self.header_cells {
            return Remark::Say(Note::new(CELL_WITHOUT_NAME));
        }
        let note = Note::new(TOO_MANY_CELLS).with("cells", cells.len()).with("columns", columns);
        Remark::Reject(match other_quotes(cells) {
            Some((open, close)) => note.with("cause", "quotes").with("marks", format!("{open} and {close}")),
            None => note.with("cause", "separator"),
        })
    }

    fn write(&mut self, line: &TableLine) -> Result<(), TableFault> {
        // The parent has exited, or memory has run out: either way nobody reads a better answer.
        serde_json::to_writer(&mut self.output, line).map_err(|_| TableFault::TooDemanding)?;
        self.output.write_all(b"\n").map_err(|_| TableFault::TooDemanding)
    }

    /// Names with letters beyond ASCII, which show whether the encoding is right, with their columns.
    pub(super) fn odd_names(&self) -> &[(usize, String)] {
        &self.odd_names
    }

    /// Finds the header of a file with few rows, of which no more will follow.
    pub(super) fn last_row_taken(&mut self) -> Result<(), TableFault> {
        if self.header.is_none() { self.find_header() } else { Ok(()) }
    }

    /// Ends the output, with the reason if the file could not be read.
    pub(super) fn finish(mut self, read: Result<(), TableFault>) -> std::io::Result<()> {
        let read = read.and_then(|()| self.last_row_taken());
        if read.is_ok() && self.rows > 0 && self.reading != FileReading::default() {
            serde_json::to_writer(&mut self.output, &TableLine::Reading(Box::new(self.reading)))?;
            self.output.write_all(b"\n")?;
        }
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

/// Empties the cells that were filled in from a merged cell above, unless a person has said that they get its value.
/// Returns how many there are.
fn unfill(row: &mut RawRow, fills: bool) -> u32 {
    let mut covered = 0;
    for remark in &mut row.remarks {
        let Remark::Of { column, note } = remark else { continue };
        if note.code != MERGED_CELL {
            continue;
        }
        covered += 1;
        if let Some(cell) = row.cells.get_mut(*column).filter(|_| !fills) {
            cell.clear();
            *remark = Remark::Lost { column: *column, note: Note::new(MERGED_DOWN) };
        }
    }
    covered
}

/// Gives a name that stands over several columns to each of them that has values. Returns these names.
fn spread_names(header: &mut Vec<String>, row: &RawRow, below: &[WaitingRow]) -> Vec<String> {
    let mut spread: Vec<String> = Vec::new();
    for remark in &row.remarks {
        let Remark::Lost { column, note } = remark else { continue };
        let has_values =
            below.iter().any(|of| of.row.cells.get(*column).is_some_and(|cell| !cell.trim().is_empty()));
        let name = header.iter().take(*column).rev().find(|name| !name.is_empty()).cloned();
        let Some(name) = name.filter(|_| note.code == MERGED_ACROSS && has_values) else { continue };
        if header.len() <= *column {
            header.resize(*column + 1, String::new());
        }
        header[*column].clone_from(&name);
        if !spread.contains(&name) {
            spread.push(name);
        }
    }
    spread
}

/// Says what a row tells about cells that are not in their places: a text in other quotation marks was taken apart, or
/// cells are missing.
fn check_places(secrets: &SecretColumns, header: &[String], row: &mut RawRow, width: usize) {
    if let Some((at, open, close)) = taken_apart(&row.cells) {
        secrets.drop_after(row, at);
        let note = Note::new(TAKEN_APART).with("marks", format!("{open} and {close}"));
        row.remarks.push(Remark::Reject(note));
    } else if width < header.len() {
        let before = row.remarks.len();
        secrets.refuse_moved(row, header, width);
        if row.remarks.len() == before {
            let note = Note::new(TOO_FEW_CELLS).with("cells", width).with("columns", header.len());
            row.remarks.push(Remark::Say(note));
        }
    }
}
