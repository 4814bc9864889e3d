//! A file in place of a paste: a workbook or text, read as imports read it. Its cells go back to the page, and nothing is
//! kept.

use domain::accounts::paste::arrange::are_headings;
use domain::accounts::paste::outcome::PasteFile;
use domain::accounts::paste::read::{LONGEST_TEXT, RawRows, ReadError, TextSource, text};
use domain::accounts::paste::{MOST_ROWS, cell};
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::ids::SchoolId;
use domain::imports::fault::TableFault;
use domain::imports::problem::ImportProblem;
use domain::imports::reading::{FileReading, NO_NAMES, ReadOptions};
use domain::imports::remark::{Remark, words};
use domain::roll::import::STUDENTS;

use crate::tables::{ImportSchool, RawRow, Table};
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

/// The rows read at a time.
const PART: usize = 1_000;
/// How many rows that can't be read are named.
const NAMED: usize = 3;

/// Reads the cells of a file.
///
/// # Errors
/// A sentence if it is no table, or too long for a list.
pub async fn read_file(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (name, file): (&str, Vec<u8>),
) -> Result<PasteFile> {
    let at = backend.enter(actor, Permission::ManageAccounts, InSchool(school)).await?.at;
    // What many systems call an Excel file is a table of a web page.
    if let Some(page) = std::str::from_utf8(&file).ok().filter(|text| text.trim_start().starts_with('<'))
        && let Ok(rows) = text(page, TextSource::File)
    {
        return Ok(PasteFile { rows, said: Vec::new() });
    }
    let school = ImportSchool { code: at.code.clone(), name: at.name.clone() };
    let options = ReadOptions::default();
    match open(backend, &school, (name, file.clone()), &options).await {
        Ok(mut table) if are_headings(&table.header) => cells(&mut table).await,
        Ok(_) | Err(Error::Import(ImportProblem::Unreadable(TableFault::NoHeader))) => {
            let options = ReadOptions { header_row: Some(NO_NAMES), ..options };
            cells(&mut open(backend, &school, (name, file), &options).await?).await
        }
        Err(error) => Err(error),
    }
}

async fn open<'b>(
    backend: &'b Backend,
    school: &ImportSchool,
    (name, file): (&str, Vec<u8>),
    options: &ReadOptions,
) -> Result<Table<'b>> {
    backend.tables.slot().await?.open(file, name, &STUDENTS, school, options).await
}

async fn cells(table: &mut Table<'_>) -> Result<PasteFile> {
    let mut cells = FileCells::default();
    if table.header.iter().any(|name| !name.is_empty()) {
        cells.add(std::mem::take(&mut table.header));
    }
    cells.read(table).await?;
    // Nobody chooses columns here: without names, the page recognises them by their cells.
    let header_row = table.reading.header_row.filter(|row| *row != NO_NAMES);
    cells.taken(&FileReading { header_row, ..std::mem::take(&mut table.reading) })
}

/// The cells read so far.
#[derive(Default)]
struct FileCells {
    rows: RawRows,
    /// Rows with people; what is beyond the most is only counted.
    count: usize,
    text: usize,
    /// Rows that are about nobody.
    skipped: usize,
    /// Rows that can't be read, and why.
    rejected: Vec<String>,
}

impl FileCells {
    async fn read(&mut self, table: &mut Table<'_>) -> Result<()> {
        loop {
            let rows = table.rows(PART).await?;
            if rows.is_empty() {
                return Ok(());
            }
            rows.into_iter().for_each(|row| self.row(row));
        }
    }

    fn row(&mut self, row: RawRow) {
        for remark in &row.remarks {
            match remark {
                Remark::Skip(_) => {
                    self.skipped += 1;
                    return;
                }
                Remark::Reject(note) => {
                    let why = words(&STUDENTS, note).unwrap_or_default();
                    self.rejected.push(format!("Row {}: {why}", row.number));
                    return;
                }
                _ => {}
            }
        }
        self.count += 1;
        if self.count <= MOST_ROWS {
            self.add(row.cells);
        }
    }

    fn add(&mut self, cells: Vec<String>) {
        let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
        self.text += cells.iter().map(String::len).sum::<usize>();
        if self.text <= LONGEST_TEXT {
            self.rows.push(cells);
        }
    }

    fn taken(self, reading: &FileReading) -> Result<PasteFile> {
        let refused = |error: ReadError| Err(Error::conflict("paste_file", error.to_string()));
        if self.count > MOST_ROWS {
            return refused(ReadError::TooManyRows(self.count));
        }
        if self.text > LONGEST_TEXT {
            return refused(ReadError::TooLong);
        }
        let mut said = reading.notes();
        said.extend(reading.questions());
        if self.skipped > 0 {
            let rows = if self.skipped == 1 { "1 row is" } else { &format!("{} rows are", self.skipped) };
            said.push(format!("{rows} about nobody, such as a total, and left out."));
        }
        let more = self.rejected.len().saturating_sub(NAMED);
        said.extend(self.rejected.into_iter().take(NAMED));
        if more > 0 {
            said.push(format!("{more} more rows can\u{2019}t be read either."));
        }
        Ok(PasteFile { rows: self.rows, said })
    }
}
