//! The cells of a row, as a kind reads them.

use std::str::FromStr;

use chrono::NaiveDate;

use super::dates::{DateOrder, parse_date};
use super::kind::{Declaration, Field, Holds};
use super::mapping::Mapping;
use super::note::Note;
use crate::spreadsheet::restored;

/// What a row says about one field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Said<T> {
    /// The file has no such column: nothing changes.
    #[default]
    Nothing,
    /// The cell is empty.
    Empty,
    /// The cell holds this.
    Value(T),
}

impl<T> Said<T> {
    /// The value, if the cell holds one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Nothing | Self::Empty => None,
        }
    }

    /// The same, said of something else.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> Said<U> {
        match self {
            Self::Nothing => Said::Nothing,
            Self::Empty => Said::Empty,
            Self::Value(value) => Said::Value(map(value)),
        }
    }
}

impl<T: AsRef<str>> Said<T> {
    /// The text after the import, of a field that an empty cell clears.
    pub fn clearing(&self, old: &str) -> String {
        match self {
            Self::Nothing => old.to_owned(),
            Self::Empty => String::new(),
            Self::Value(new) => new.as_ref().to_owned(),
        }
    }
}

/// Why the value of a cell was not taken.
pub trait CellError {
    /// A stable word; the kind's words know its sentence.
    fn why(&self) -> &'static str;
}

/// A day that was not one: the `why` of its note.
pub const NOT_A_DATE: &str = "not_a_date";

/// Where the fields of a file are, and how its days are written.
#[derive(Debug, Clone)]
pub struct RowReader {
    /// The column of each field that has one, and the order of day and month in it.
    columns: Vec<(&'static Field, usize, DateOrder)>,
    key: Option<usize>,
    day: NaiveDate,
}

impl RowReader {
    /// A reader for files of a kind with these columns, which came on `day`. `order` tells the order of day and month in
    /// a column.
    pub fn new(
        kind: &Declaration,
        mapping: &Mapping,
        order: impl Fn(usize) -> DateOrder,
        day: NaiveDate,
    ) -> Self {
        let columns = kind
            .fields
            .iter()
            .filter_map(|field| {
                let at = mapping.column_of(field.slug)?;
                Some((field, at, if field.holds == Holds::Dates { order(at) } else { DateOrder::default() }))
            })
            .collect();
        Self { columns, key: mapping.column_of(kind.key), day }
    }

    /// What tells this row from others, as far as it can be read.
    pub fn key(&self, cells: &[String]) -> Option<String> {
        let text = self.key.map_or("", |at| text_at(cells, at));
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The cells of a row.
    pub fn cells<'a>(&'a self, cells: &'a [String]) -> Cells<'a> {
        Cells { reader: self, texts: cells, problems: Vec::new(), notes: Vec::new() }
    }
}

/// A cell, trimmed; a row may be shorter than the header. One that Greencap guarded against spreadsheets in an export
/// comes back as it was.
fn text_at(cells: &[String], at: usize) -> &str {
    cells.get(at).map_or("", |cell| restored(cell.trim()))
}

/// The cells of one row, and what was found wrong or worth a note while reading them.
#[derive(Debug)]
pub struct Cells<'a> {
    reader: &'a RowReader,
    texts: &'a [String],
    problems: Vec<Note>,
    notes: Vec<Note>,
}

impl<'a> Cells<'a> {
    /// The text of a field.
    pub fn text(&self, field: &Field) -> Said<&'a str> {
        match self.reader.columns.iter().find(|(of, ..)| of.slug == field.slug) {
            None => Said::Nothing,
            Some((_, at, _)) => match text_at(self.texts, *at) {
                "" => Said::Empty,
                text => Said::Value(text),
            },
        }
    }

    /// The value of a field; one that is not taken is a problem, whose code is the field.
    pub fn parsed<T: FromStr<Err: CellError>>(&mut self, field: &Field) -> Said<T> {
        match self.text(field) {
            Said::Nothing => Said::Nothing,
            Said::Empty => Said::Empty,
            Said::Value(text) => match text.parse::<T>() {
                Ok(value) => Said::Value(value),
                Err(error) => {
                    self.refuse(field, text, error.why());
                    Said::Empty
                }
            },
        }
    }

    /// The day of a field; what is no day is a problem.
    pub fn date(&mut self, field: &Field) -> Said<NaiveDate> {
        let order =
            self.reader.columns.iter().find(|(of, ..)| of.slug == field.slug).map(|(.., order)| *order);
        match self.text(field) {
            Said::Nothing => Said::Nothing,
            Said::Empty => Said::Empty,
            Said::Value(text) => parse_date(text, order.unwrap_or_default()).map_or_else(
                |_| {
                    self.refuse(field, text, NOT_A_DATE);
                    Said::Empty
                },
                Said::Value,
            ),
        }
    }

    fn refuse(&mut self, field: &Field, text: &str, why: &'static str) {
        self.problem(Note::new(field.slug).with("field", field.slug).with("why", why).quoting(text));
    }

    /// Something is wrong: the row is rejected.
    pub fn problem(&mut self, problem: Note) {
        self.problems.push(problem);
    }

    /// Something was left out without harm.
    pub fn note(&mut self, note: Note) {
        self.notes.push(note);
    }

    /// What was read, with what was noted beside it; or everything that is wrong with the row.
    pub fn finish<R>(self, read: Option<R>) -> Result<(R, Vec<Note>), Vec<Note>> {
        match read.filter(|_| self.problems.is_empty()) {
            Some(row) => Ok((row, self.notes)),
            None => Err(self.problems),
        }
    }

    /// The day of the file.
    pub fn day(&self) -> NaiveDate {
        self.reader.day
    }
}
