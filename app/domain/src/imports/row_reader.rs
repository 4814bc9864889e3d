//! Which column a row's cells are read from, and how dates are written.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::cells::Cells;
use super::dates::{DateOrder, parse_date};
use super::deciding::{Decision, Decisions, LEFT_WITHOUT_END};
use super::kind::{ImportDeclaration, ImportField};
use super::mapping::Mapping;
use super::note::Note;
use super::value;

/// Maps columns to fields, and knows how dates are written.
#[derive(Debug, Clone)]
pub struct RowReader {
    /// The column of each field that has one.
    pub(super) columns: Vec<(&'static ImportField, usize)>,
    pub(super) key: Option<usize>,
    /// The groups of the columns, each once.
    pub(super) groups: Vec<u8>,
    /// See [`ImportDeclaration::naming`].
    pub(super) naming: &'static [&'static [&'static str]],
    /// Whether most rows have fewer cells than the header.
    pub(super) is_mostly_short: bool,
    pub(super) order: DateOrder,
    /// The column with the last day.
    ends: Option<usize>,
    decisions: Decisions,
    pub(super) day: NaiveDate,
    /// The time zone of the school, which says how its country writes phone numbers; empty if nobody asks.
    pub(super) zone: &'static str,
}

impl RowReader {
    /// Creates a reader for files of a kind with these columns and this order of dates, uploaded on `day`.
    pub fn new(kind: &ImportDeclaration, mapping: &Mapping, order: DateOrder, day: NaiveDate) -> Self {
        let columns: Vec<(&'static ImportField, usize)> =
            kind.fields.iter().filter_map(|field| Some((field, mapping.column_of(field.slug)?))).collect();
        let mut groups: Vec<u8> = columns.iter().map(|(field, _)| field.group).filter(|of| *of > 0).collect();
        groups.sort_unstable();
        groups.dedup();
        let (key, ends) = (mapping.column_of(kind.key), mapping.column_of(kind.ends));
        let (naming, decisions) = (kind.naming, Decisions::default());
        Self { columns, key, groups, naming, is_mostly_short: false, order, ends, decisions, day, zone: "" }
    }

    /// Adds the time zone of the school.
    #[must_use]
    pub fn in_zone(self, zone: &'static str) -> Self {
        Self { zone, ..self }
    }

    /// Adds the columns that decide whether a row is read.
    #[must_use]
    pub fn deciding(self, decisions: &[Decision]) -> Self {
        Self { decisions: Decisions::new(decisions), ..self }
    }

    /// Why a row is skipped, by the columns that decide.
    pub fn skips(&self, cells: &[String]) -> Option<Note> {
        let skipped = self.decisions.skips(cells, || {
            let last_day = self.ends.and_then(|at| parse_date(&text_at(cells, at), self.order).ok());
            last_day.is_some_and(|last_day| last_day < self.day)
        })?;
        // Where the file has a column for the last day, it can be entered.
        let ends = self.ends.and_then(|ends| self.columns.iter().find(|(_, at)| *at == ends));
        let ends = ends.filter(|_| skipped.code == LEFT_WITHOUT_END);
        Some(match ends {
            Some((field, _)) => skipped.with("field", field.slug),
            None => skipped,
        })
    }

    /// The row's key, if it can be read.
    pub fn key(&self, cells: &[String]) -> Option<String> {
        let text = self.key.map_or(Cow::Borrowed(""), |at| text_at(cells, at));
        let text = value::code(&text).map_or_else(|_| text.to_string(), Cow::into_owned);
        (!value::is_no_code(&text)).then_some(text)
    }

    /// The text of a row that is no record, as far as it is imported.
    pub fn quoted(&self, cells: &[String]) -> String {
        let imported = |at: &usize| self.columns.iter().any(|(_, column)| column == at);
        let texts = (0..cells.len()).filter(imported).map(|at| cells[at].trim());
        texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The cells of a row.
    pub fn cells<'a>(&'a self, cells: &'a [String]) -> Cells<'a> {
        Cells::of(self, cells)
    }
}

/// The meaning of a cell; a row may be shorter than the header.
pub(super) fn text_at(cells: &[String], at: usize) -> Cow<'_, str> {
    cells.get(at).map_or(Cow::Borrowed(""), |cell| value::meant(cell))
}
