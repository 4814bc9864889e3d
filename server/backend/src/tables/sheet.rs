//! Workbooks, cell by cell.
//!
//! Never use `worksheet_range`: it allocates memory by the corners of the sheet, and for a file of 1.4 kB
//! with a cell in each corner that is 512 GiB.

use std::io::{Cursor, Write};

use calamine::{DataRef, Reader as _, SheetVisible, Xlsx, XlsxError};
use domain::imports::fault::TableFault;

use super::limits;
use super::line::LineWriter;

/// Reads the first sheet that is visible and not empty.
pub(super) fn read<W: Write>(bytes: &[u8], emitter: &mut LineWriter<W>) -> Result<(), TableFault> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(fault)?;
    let sheets: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    for name in sheets {
        if read_sheet(&mut book, &name, emitter)? {
            return Ok(());
        }
    }
    Ok(())
}

fn fault(error: XlsxError) -> TableFault {
    match error {
        XlsxError::Password => TableFault::Encrypted,
        _ => TableFault::Damaged,
    }
}

/// Reads a sheet; returns whether it contained anything.
fn read_sheet<W: Write>(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    emitter: &mut LineWriter<W>,
) -> Result<bool, TableFault> {
    let mut reader = match book.worksheet_cells_reader(name) {
        Ok(reader) => reader,
        Err(XlsxError::NotAWorksheet(_)) => return Ok(false),
        Err(error) => return Err(fault(error)),
    };
    let mut any = false;
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
        any = true;
    }
    if any {
        emitter.row(row, cells)?;
    }
    Ok(any)
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
