//! The cells of a row, as a kind of import reads them.

use std::str::FromStr;

use chrono::NaiveDate;

use super::dates::{DateOrder, parse_date};
use super::kind::{CellType, ImportDeclaration, ImportField};
use super::mapping::Mapping;
use super::note::Note;
use super::remark::Remark;
use crate::spreadsheet::restored;

/// What a row says about a field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum CellValue<T> {
    /// The file does not have this column, so nothing changes.
    #[default]
    Nothing,
    /// The cell is empty.
    Empty,
    /// The cell has this value.
    Value(T),
}

impl<T> CellValue<T> {
    /// The value, if the cell has one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Nothing | Self::Empty => None,
        }
    }

    /// Applies `map` to the value.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> CellValue<U> {
        match self {
            Self::Nothing => CellValue::Nothing,
            Self::Empty => CellValue::Empty,
            Self::Value(value) => CellValue::Value(map(value)),
        }
    }
}

impl<T: AsRef<str>> CellValue<T> {
    /// The text after the import, for a field that an empty cell clears.
    pub fn clearing(&self, old: &str) -> String {
        match self {
            Self::Nothing => old.to_owned(),
            Self::Empty => String::new(),
            Self::Value(new) => new.as_ref().to_owned(),
        }
    }
}

/// Why a cell's value is invalid.
pub trait CellError {
    /// A stable code, which the kind puts into words.
    fn why(&self) -> &'static str;
}

/// The [`CellError::why`] code for an invalid date.
pub const NOT_A_DATE: &str = "not_a_date";

/// Maps columns to fields, and knows how dates are written.
#[derive(Debug, Clone)]
pub struct RowReader {
    /// The column of each field that has one, and the order of day and month in it.
    columns: Vec<(&'static ImportField, usize, DateOrder)>,
    key: Option<usize>,
    day: NaiveDate,
}

impl RowReader {
    /// Creates a reader for files of a kind with these columns, uploaded on `day`. `order` returns the order
    /// of day and month in a column.
    pub fn new(
        kind: &ImportDeclaration,
        mapping: &Mapping,
        order: impl Fn(usize) -> DateOrder,
        day: NaiveDate,
    ) -> Self {
        let columns = kind
            .fields
            .iter()
            .filter_map(|field| {
                let at = mapping.column_of(field.slug)?;
                Some((
                    field,
                    at,
                    if field.holds == CellType::Dates { order(at) } else { DateOrder::default() },
                ))
            })
            .collect();
        Self { columns, key: mapping.column_of(kind.key), day }
    }

    /// The row's key, if it can be read.
    pub fn key(&self, cells: &[String]) -> Option<String> {
        let text = self.key.map_or("", |at| text_at(cells, at));
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The cells of a row.
    pub fn cells<'a>(&'a self, cells: &'a [String]) -> Cells<'a> {
        Cells { reader: self, texts: cells, remarks: &[], problems: Vec::new(), notes: Vec::new() }
    }
}

/// A trimmed cell; a row may be shorter than the header. Removes the guard against formulas that Greencap
/// adds in exports.
fn text_at(cells: &[String], at: usize) -> &str {
    cells.get(at).map_or("", |cell| restored(cell.trim()))
}

/// The cells of one row, with the problems and notes found while reading them.
#[derive(Debug)]
pub struct Cells<'a> {
    reader: &'a RowReader,
    texts: &'a [String],
    remarks: &'a [Remark],
    problems: Vec<Note>,
    notes: Vec<Note>,
}

impl<'a> Cells<'a> {
    /// Adds what reading the file found out about the row.
    #[must_use]
    pub fn remarked(mut self, remarks: &'a [Remark]) -> Self {
        let is_mapped = |column: usize| self.reader.columns.iter().any(|(_, at, _)| *at == column);
        self.notes.extend(remarks.iter().filter_map(|remark| match remark {
            Remark::Say(note) => Some(note.clone()),
            Remark::Lost { column, note } => is_mapped(*column).then(|| note.clone()),
            Remark::Skip(_) | Remark::Reject(_) => None,
        }));
        self.remarks = remarks;
        self
    }

    /// Reads a field as text.
    pub fn text(&self, field: &ImportField) -> CellValue<&'a str> {
        match self.reader.columns.iter().find(|(of, ..)| of.slug == field.slug) {
            None => CellValue::Nothing,
            Some((_, at, _)) if self.remarks.iter().any(|remark| remark.lost() == Some(*at)) => {
                CellValue::Nothing
            }
            Some((_, at, _)) => match text_at(self.texts, *at) {
                "" => CellValue::Empty,
                text => CellValue::Value(text),
            },
        }
    }

    /// Parses a field. An invalid value is a problem whose code is the field's slug.
    pub fn parsed<T: FromStr<Err: CellError>>(&mut self, field: &ImportField) -> CellValue<T> {
        match self.text(field) {
            CellValue::Nothing => CellValue::Nothing,
            CellValue::Empty => CellValue::Empty,
            CellValue::Value(text) => match text.parse::<T>() {
                Ok(value) => CellValue::Value(value),
                Err(error) => {
                    self.refuse(field, text, error.why());
                    CellValue::Empty
                }
            },
        }
    }

    /// Reads a field as a date. An invalid date is a problem.
    pub fn date(&mut self, field: &ImportField) -> CellValue<NaiveDate> {
        let order =
            self.reader.columns.iter().find(|(of, ..)| of.slug == field.slug).map(|(.., order)| *order);
        match self.text(field) {
            CellValue::Nothing => CellValue::Nothing,
            CellValue::Empty => CellValue::Empty,
            CellValue::Value(text) => parse_date(text, order.unwrap_or_default()).map_or_else(
                |_| {
                    self.refuse(field, text, NOT_A_DATE);
                    CellValue::Empty
                },
                CellValue::Value,
            ),
        }
    }

    fn refuse(&mut self, field: &ImportField, text: &str, why: &'static str) {
        self.problem(Note::new(field.slug).with("field", field.slug).with("why", why).quoting(text));
    }

    /// Adds a problem: the row is rejected.
    pub fn problem(&mut self, problem: Note) {
        self.problems.push(problem);
    }

    /// Adds a note about something harmless that was left out.
    pub fn note(&mut self, note: Note) {
        self.notes.push(note);
    }

    /// Returns what was read and the notes, or all problems with the row.
    pub fn finish<R>(self, read: Option<R>) -> Result<(R, Vec<Note>), Vec<Note>> {
        match read.filter(|_| self.problems.is_empty()) {
            Some(row) => Ok((row, self.notes)),
            None => Err(self.problems),
        }
    }

    /// The day the file was uploaded.
    pub fn day(&self) -> NaiveDate {
        self.reader.day
    }
}
