//! Workbooks, cell by cell.
//!
//! Never use `worksheet_range`: it allocates memory by the corners of the sheet, and for a file of 1.4 kB
//! with a cell in each corner that is 512 GiB.

use std::io::{Cursor, Write};

use calamine::{DataRef, Reader as _, SheetVisible, Xlsx, XlsxError};
use domain::fold::fold;
use domain::imports::fault::TableFault;
use domain::imports::header::{HEADER_SEARCH, HeaderEvidence, find_header};
use domain::imports::kind::ImportDeclaration;
use domain::imports::reading::{OtherSheet, ReadOptions, SheetReading};

use super::limits;
use super::line::LineWriter;

/// Reads the sheet that was asked for, or the first one that looks like a list.
pub(super) fn read<W: Write>(
    bytes: &[u8],
    kind: &ImportDeclaration,
    options: &ReadOptions,
    emitter: &mut LineWriter<W>,
) -> Result<(), TableFault> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(fault)?;
    let (name, others) = choose(&mut book, kind, options.sheet.as_deref())?;
    emitter.reading.sheet = Some(SheetReading { name: name.clone(), others });
    read_sheet(&mut book, &name, emitter)
}

/// The sheet to read, and the others that are not empty.
fn choose(
    book: &mut Xlsx<Cursor<&[u8]>>,
    kind: &ImportDeclaration,
    asked: Option<&str>,
) -> Result<(String, Vec<OtherSheet>), TableFault> {
    let sheets = book.sheets_metadata().to_vec();
    if let Some(name) = asked
        && !sheets.iter().any(|sheet| fold(&sheet.name) == fold(name))
    {
        let sheets = sheets.into_iter().map(|sheet| sheet.name).collect();
        return Err(TableFault::NoSuchSheet { name: name.to_owned(), sheets });
    }
    let mut found = Vec::new();
    for sheet in sheets {
        let is_asked_for = asked.is_some_and(|name| fold(&sheet.name) == fold(name));
        if sheet.visible != SheetVisible::Visible && !is_asked_for {
            continue;
        }
        let rows = first_rows(book, &sheet.name)?;
        let header = find_header(kind, &rows).filter(|header| rows.len() > header.at + 1);
        if !rows.is_empty() || is_asked_for {
            found.push((is_asked_for, header.map(|header| header.by), sheet.name));
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
    while let Some(cell) = reader.next_cell().map_err(fault)? {
        let (at, column) = cell.get_position();
        let text = text(cell.get_value());
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

fn fault(error: XlsxError) -> TableFault {
    match error {
        XlsxError::Password => TableFault::Encrypted,
        _ => TableFault::Damaged,
    }
}

/// Reads a sheet.
fn read_sheet<W: Write>(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    emitter: &mut LineWriter<W>,
) -> Result<(), TableFault> {
    let mut reader = book.worksheet_cells_reader(name).map_err(fault)?;
    let mut row = 0;
    let mut cells: Vec<String> = Vec::new();
    while let Some(cell) = reader.next_cell().map_err(fault)? {
        let (at, column) = cell.get_position();
        let text = text(cell.get_value());
        if text.trim().is_empty() {
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
                emitter.row(row, std::mem::take(&mut cells))?;
            }
            row = number;
        }
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        cells[column] = text;
    }
    if row > 0 {
        emitter.row(row, cells)?;
    }
    Ok(())
}

/// A cell as text: numbers without an empty fraction, dates as ISO 8601.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(moment) if moment.is_duration() => moment.as_f64().to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        // Kept as it is, so that the row's log can say what is wrong.
        DataRef::Error(error) => error.to_string(),
    }
}
