//! Workbooks, cell by cell.
//!
//! Never use `worksheet_range`: it allocates memory by the corners of the sheet, and for a file of 1.4 kB
//! with a cell in each corner that is 512 GiB.

mod marks;
pub(super) mod open_document;
mod shown;

use std::io::{Cursor, Write};

use calamine::{DataRef, Reader as _, SheetVisible, Xlsx, XlsxError};
use domain::fold::fold;
use domain::imports::fault::TableFault;
use domain::imports::header::{HEADER_SEARCH, HeaderEvidence, find_header};
use domain::imports::kind::ImportDeclaration;
use domain::imports::note::Note;
use domain::imports::reading::{OtherSheet, ReadOptions, SheetReading};
use domain::imports::remark::{
    HIDDEN_ROW, MERGED_ACROSS, MERGED_CELL, MERGED_TITLE, NO_VALUE, Remark, SHOWN_ROUNDED,
};
use domain::imports::value::is_error;

use self::marks::{Merged, SheetMarks};
use self::shown::{NumberFormat, Shown, text};
use super::archive::Archive;
use super::limits;
use super::line::LineWriter;

/// Reads the sheet that was asked for, or the first one that looks like a list.
pub(super) fn read<W: Write>(
    mut archive: Archive<'_>,
    bytes: &[u8],
    kind: &ImportDeclaration,
    options: &ReadOptions,
    emitter: &mut LineWriter<W>,
) -> Result<(), TableFault> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(fault)?;
    let (name, others) = choose(&mut book, kind, options.sheet.as_deref())?;
    emitter.reading.sheet = Some(SheetReading { name: name.clone(), others });
    let marks = marks::read(&mut archive, &name)?;
    if archive.longest_shared.saturating_mul(marks.shared) > limits::TEXT {
        count_shared(&mut book, &name)?;
    }
    drop(archive);
    read_sheet(&mut book, &name, marks, emitter)
}

/// The sheet to read, and the others that are not empty.
fn choose(
    book: &mut Xlsx<Cursor<&[u8]>>,
    kind: &ImportDeclaration,
    asked: Option<&str>,
) -> Result<(String, Vec<OtherSheet>), TableFault> {
    let mut sheets = Vec::new();
    for sheet in book.sheets_metadata().to_vec() {
        let shown = sheet.visible == SheetVisible::Visible;
        let is_read = shown || is_asked_for(asked, &sheet.name);
        let rows = if is_read { first_rows(book, &sheet.name)? } else { Vec::new() };
        sheets.push(CandidateSheet { name: sheet.name, shown, rows });
    }
    chosen(kind, asked, sheets)
}

/// A sheet that could be read.
struct CandidateSheet {
    name: String,
    shown: bool,
    /// Its first rows that are not empty.
    rows: Vec<Vec<String>>,
}

fn is_asked_for(asked: Option<&str>, sheet: &str) -> bool {
    asked.is_some_and(|name| fold(sheet) == fold(name))
}

/// The sheet that was asked for, or the first that looks most like a list; and the others.
fn chosen(
    kind: &ImportDeclaration,
    asked: Option<&str>,
    sheets: Vec<CandidateSheet>,
) -> Result<(String, Vec<OtherSheet>), TableFault> {
    if let Some(name) = asked
        && !sheets.iter().any(|sheet| is_asked_for(asked, &sheet.name))
    {
        let sheets = sheets.into_iter().map(|sheet| sheet.name).collect();
        return Err(TableFault::NoSuchSheet { name: name.to_owned(), sheets });
    }
    let mut found = Vec::new();
    for CandidateSheet { name, shown, rows } in sheets {
        let is_asked_for = is_asked_for(asked, &name);
        if !shown && !is_asked_for {
            continue;
        }
        let header = find_header(kind, &rows).filter(|header| rows.len() > header.at + 1);
        if !rows.is_empty() || is_asked_for {
            found.push((is_asked_for, header.map(|header| header.by), name));
        }
    }
    // Of several that are as likely, the first.
    let chosen =
        (0..found.len()).rev().max_by_key(|at| (found[*at].0, found[*at].1)).ok_or(TableFault::Empty)?;
    let (.., name) = found.remove(chosen);
    let others = found
        .into_iter()
        .map(|(_, by, name)| OtherSheet { name, is_list: by == Some(HeaderEvidence::Names) });
    Ok((name, others.collect()))
}

/// The first rows of a sheet that are not empty.
fn first_rows(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Vec<Vec<String>>, TableFault> {
    let mut reader = match book.worksheet_cells_reader(name) {
        Ok(reader) => reader,
        Err(XlsxError::NotAWorksheet(_)) => return Ok(Vec::new()),
        Err(error) => return Err(fault(error)),
    };
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut current = None;
    while let Some(cell) = past_errors(|| reader.next_cell())? {
        let (at, column) = cell.get_position();
        let text = text(cell.get_value(), &NumberFormat::Plain).text;
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if text.trim().is_empty() || column >= limits::COLUMNS {
            continue;
        }
        if current != Some(at) {
            if rows.len() > HEADER_SEARCH {
                break;
            }
            current = Some(at);
            rows.push(Vec::new());
        }
        if let Some(row) = rows.last_mut() {
            row.resize(row.len().max(column + 1), String::new());
            row[column] = text;
        }
    }
    Ok(rows)
}

/// The next cell that is no error which the library does not know.
fn past_errors<T>(mut next: impl FnMut() -> Result<Option<T>, XlsxError>) -> Result<Option<T>, TableFault> {
    loop {
        match next() {
            Err(XlsxError::CellError(_)) => {}
            other => return other.map_err(fault),
        }
    }
}

fn fault(error: XlsxError) -> TableFault {
    match error {
        XlsxError::Password => TableFault::Encrypted,
        _ => TableFault::Damaged,
    }
}

/// Refuses a sheet whose cells refer to more text than a list has, before any of it is copied.
fn count_shared(book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<(), TableFault> {
    let mut reader = book.worksheet_cells_reader(name).map_err(fault)?;
    let mut text = 0;
    while let Some(cell) = past_errors(|| reader.next_cell())? {
        if let DataRef::SharedString(shared) = cell.get_value() {
            text += shared.len();
        }
        if text > limits::TEXT {
            return Err(TableFault::Inflates);
        }
    }
    Ok(())
}

/// Reads a sheet.
fn read_sheet<W: Write>(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    marks: SheetMarks,
    emitter: &mut LineWriter<W>,
) -> Result<(), TableFault> {
    let mut reader = book.worksheet_cells_reader(name).map_err(fault)?;
    let formats: Vec<NumberFormat> = reader.styles().iter().map(NumberFormat::of).collect();
    let mut rows = MarkedRows { marks, next: 0, open: Vec::new() };
    let mut row = 0;
    let (mut cells, mut remarks): (Vec<String>, Vec<Remark>) = (Vec::new(), Vec::new());
    let mut last = None;
    loop {
        let (place, Shown { text, rounded_from }) = match reader.next_cell_with_style_id() {
            Ok(Some((cell, style))) => {
                let format = formats.get(style).unwrap_or(&NumberFormat::Plain);
                (cell.get_position(), text(cell.get_value(), format))
            }
            Ok(None) => break,
            Err(XlsxError::CellError(text)) => odd_error(&mut rows.marks, text)?,
            Err(error) => return Err(fault(error)),
        };
        // After an error that the library does not know, a cell that does not say where it is takes its place.
        if last.replace(place) == Some(place) {
            return Err(TableFault::Damaged);
        }
        let (at, column) = place;
        if text.trim().is_empty() && !rows.marks.without_value.contains_key(&at) {
            continue;
        }
        let number = at.saturating_add(1);
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= limits::COLUMNS {
            return Err(TableFault::TooManyColumns { row: number, limit: limits::COLUMNS });
        }
        if number != row {
            if number < row {
                return Err(TableFault::Damaged);
            }
            if row > 0 {
                rows.emit(row, std::mem::take(&mut cells), std::mem::take(&mut remarks), emitter)?;
            }
            row = number;
        }
        if let Some(from) = rounded_from {
            let note = Note::new(SHOWN_ROUNDED).with("number", from).quoting(&text);
            remarks.push(Remark::Of { column, note });
        }
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = text;
    }
    if row > 0 {
        rows.emit(row, cells, remarks, emitter)?;
    }
    Ok(())
}

/// An error that the library does not know, and where it is. It has no place for it, but reads on behind it.
fn odd_error(marks: &mut SheetMarks, text: String) -> Result<((u32, u32), Shown), TableFault> {
    let found = marks.odd_errors.pop_front().filter(|odd| odd.text == text);
    let (row, column) = found.and_then(|odd| odd.at).ok_or(TableFault::Damaged)?;
    // What the log does not know as an error would be a value.
    let text = if is_error(&text) { text } else { "#VALUE!".to_owned() };
    let column = u32::try_from(column).map_err(|_| TableFault::Damaged)?;
    Ok(((row, column), Shown { text, rounded_from: None }))
}

/// Adds to rows what the sheet says about them.
struct MarkedRows {
    marks: SheetMarks,
    /// The next merged range that has not begun.
    next: usize,
    /// Merged ranges that reach into the next row, with their values.
    open: Vec<(Merged, String)>,
}

impl MarkedRows {
    fn emit<W: Write>(
        &mut self,
        number: u32,
        mut cells: Vec<String>,
        mut remarks: Vec<Remark>,
        emitter: &mut LineWriter<W>,
    ) -> Result<(), TableFault> {
        let at = number - 1;
        if self.marks.hidden.contains(&at) {
            remarks.push(Remark::Say(Note::new(HIDDEN_ROW)));
        }
        for column in self.marks.without_value.get(&at).into_iter().flatten() {
            remarks.push(Remark::Lost { column: *column, note: Note::new(NO_VALUE) });
        }
        let filled = |cells: &[String], at: usize| cells.get(at).is_some_and(|cell| !cell.trim().is_empty());
        let count = (0..cells.len()).filter(|at| filled(&cells, *at)).count();
        self.open.retain(|(merged, _)| merged.last_row >= at);
        for (merged, value) in &self.open {
            if !filled(&cells, merged.column) && !value.trim().is_empty() {
                if cells.len() <= merged.column {
                    cells.resize(merged.column + 1, String::new());
                }
                cells[merged.column].clone_from(value);
                remarks.push(Remark::Of { column: merged.column, note: Note::new(MERGED_CELL) });
            }
            remarks.extend(covered(merged, &cells));
        }
        while let Some(merged) = self.marks.merged.get(self.next).copied().filter(|of| of.first_row <= at) {
            self.next += 1;
            if merged.first_row < at || merged.column >= limits::COLUMNS {
                continue;
            }
            let is_filled = filled(&cells, merged.column);
            if is_filled && merged.last_column > merged.column {
                if count == 1 {
                    remarks.push(Remark::Skip(Note::new(MERGED_TITLE)));
                }
                remarks.extend(covered(&merged, &cells));
            }
            if is_filled && merged.last_row > at {
                self.open.push((merged, cells[merged.column].clone()));
            }
        }
        emitter.remarked_row(number, cells, remarks)
    }
}

/// Says of the cells beside the first column of a merged range that their values are not in the file.
fn covered(merged: &Merged, cells: &[String]) -> Vec<Remark> {
    let is_empty = |at: &usize| cells.get(*at).is_none_or(|cell| cell.trim().is_empty());
    let columns = (merged.column + 1..=merged.last_column).filter(is_empty);
    columns.map(|column| Remark::Lost { column, note: Note::new(MERGED_ACROSS) }).collect()
}
