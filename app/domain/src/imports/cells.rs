//! The cells of a row, as a kind of import reads them.
//!
//! Only a key that cannot be read, or a missing name, costs a row its place. An optional field that cannot be read is
//! left out, and a note says so.

use std::borrow::Cow;
use std::str::FromStr;

use chrono::NaiveDate;

pub use super::cell_value::{CellError, CellValue, TidiedValue, Untidy};
use super::dates::{SpelledDate, is_no_date, spelled};
use super::kind::ImportField;
use super::letters::{Damage, damage};
use super::made_date::is_made_a_date;
use super::note::Note;
use super::remark::{CORRECTED, Remark, TOO_FEW_CELLS};
pub use super::row_reader::RowReader;
use super::row_reader::text_at;
use super::value;

/// The [`CellError::why`] code for an invalid date.
pub const NOT_A_DATE: &str = "not_a_date";
/// The code for a number whose last digits a spreadsheet has cut off.
pub const ROUNDED: &str = "rounded";
/// The code for a spreadsheet's error.
pub const ERROR_CELL: &str = "error_cell";
/// The code for a key or a group that a spreadsheet has made a date.
pub const MADE_A_DATE: &str = "made_a_date";
/// The code of an end before its start.
pub const END_BEFORE_START: &str = "end_before_start";
/// The code of a note that tells how an untidy cell was read.
pub const READ_AS: &str = "read_as";
/// The code of a note about quotation marks that stood around whole cells.
pub const UNQUOTED: &str = "unquoted";
/// The code of a note about a letter that was lost before the file came to Greencap.
pub const LETTER_LOST: &str = "letter_lost";
/// The code of a note about letters that were encoded twice.
pub const ENCODED_TWICE: &str = "encoded_twice";
/// The code of a note that tells a date of a new record.
pub const DATED: &str = "dated";

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
    /// The cells of a row.
    pub(super) fn of(reader: &'a RowReader, texts: &'a [String]) -> Self {
        Self { reader, texts, remarks: &[], problems: Vec::new(), notes: Vec::new() }
    }

    /// Adds what reading the file found out about the row.
    #[must_use]
    pub fn remarked(mut self, remarks: &'a [Remark]) -> Self {
        let mapped = |column: usize| self.reader.columns.iter().find(|(_, at)| *at == column);
        self.notes.extend(remarks.iter().filter_map(|remark| {
            match remark {
                Remark::Say(note) if note.code == TOO_FEW_CELLS => {
                    self.reader.is_oddly_short(self.texts).then(|| note.clone())
                }
                Remark::Say(note) => Some(note.clone()),
                Remark::Of { column, note } | Remark::Lost { column, note } => {
                    mapped(*column).map(|_| note.clone())
                }
                Remark::Corrected { column, was } => mapped(*column)
                    .map(|(field, _)| Note::new(CORRECTED).with("field", field.slug).quoting(was.trim())),
                Remark::Skip(_) | Remark::Reject(_) => None,
            }
        }));
        self.remarks = remarks;
        self
    }

    /// A field's cell; `None` if the file does not have it.
    fn cell(&self, field: &ImportField) -> Option<Cow<'a, str>> {
        let at = self.column(field)?;
        let is_lost = self.remarks.iter().any(|remark| remark.lost() == Some(at));
        (!is_lost).then(|| text_at(self.texts, at))
    }

    fn column(&self, field: &ImportField) -> Option<usize> {
        self.reader.columns.iter().find(|(of, _)| of.slug == field.slug).map(|(_, at)| *at)
    }

    /// A field's text, where `is_nothing` recognises a cell without a value. A spreadsheet's error is left out.
    fn unless(&mut self, field: &ImportField, is_nothing: fn(&str) -> bool) -> CellValue<Cow<'a, str>> {
        let Some(text) = self.cell(field) else { return CellValue::Nothing };
        if is_nothing(&text) {
            CellValue::Empty
        } else if value::is_error(&text) {
            self.leave_out(field, &text, ERROR_CELL);
            CellValue::Nothing
        } else {
            CellValue::Value(text)
        }
    }

    /// Reads the row's key. The row is rejected if there is none; the code of the problem is that of the error.
    pub fn key<T: FromStr<Err: CellError>>(&mut self, field: &ImportField) -> Option<T> {
        let text = self.cell(field).unwrap_or_default();
        let why = match value::code(&text) {
            Err(_) => ROUNDED,
            Ok(_) if value::is_error(&text) => ERROR_CELL,
            Ok(_) if is_made_a_date(&text) => MADE_A_DATE,
            Ok(text) => {
                let text = if value::is_no_code(&text) { "" } else { &text };
                let read = text.parse().map_err(|error: T::Err| Note::new(error.why()));
                return read.map_err(|problem| self.problem(problem)).ok();
            }
        };
        self.problem(unreadable(field, &text, why));
        None
    }

    /// Notes that letters of a field were lost before the file came to Greencap.
    fn note_damage(&mut self, field: &ImportField, is_name: bool) {
        // The text as it is: some of the signs that tell it are invisible.
        let text = self.column(field).and_then(|at| self.texts.get(at)).map_or("", String::as_str);
        let note = match damage(text, is_name) {
            None => return,
            Some(Damage::Replaced) => Note::new(LETTER_LOST),
            Some(Damage::EncodedTwice(None)) => Note::new(ENCODED_TWICE),
            Some(Damage::EncodedTwice(Some(read))) => {
                Note::new(ENCODED_TWICE).with("as", value::meant(&read))
            }
        };
        self.note(note.with("field", field.slug).quoting(text.trim()));
    }

    /// Notes the fields around whose cells quotation marks stood.
    fn note_marks(&mut self) {
        let texts = self.reader.columns.iter().filter_map(|(field, at)| Some((field, self.texts.get(*at)?)));
        let unquoted = texts.filter(|(_, text)| value::has_marks_around(text));
        let fields: Vec<&str> = unquoted.map(|(field, _)| field.slug).collect();
        if !fields.is_empty() {
            self.note(Note::new(UNQUOTED).with("fields", fields.join(",")));
        }
    }

    /// Reads a field as a name.
    pub fn name(&mut self, field: &ImportField) -> CellValue<Cow<'a, str>> {
        self.note_damage(field, true);
        self.unless(field, value::is_no_name)
    }

    /// Reads a field as text.
    pub fn text(&mut self, field: &ImportField) -> CellValue<Cow<'a, str>> {
        self.unless(field, value::is_nothing)
    }

    /// Reads a field in which many words mean that nothing is known.
    pub fn known(&mut self, field: &ImportField) -> CellValue<Cow<'a, str>> {
        self.unless(field, value::is_unknown)
    }

    /// Parses a group or another label. An invalid one is left out.
    pub fn parsed<T: FromStr<Err: CellError>>(&mut self, field: &ImportField) -> CellValue<T> {
        self.note_damage(field, false);
        let text = match self.text(field) {
            CellValue::Nothing => return CellValue::Nothing,
            CellValue::Empty => return CellValue::Empty,
            CellValue::Value(text) => text,
        };
        let read = match value::whole_number(&text) {
            Err(_) => Err(ROUNDED),
            Ok(_) if is_made_a_date(&text) => Err(MADE_A_DATE),
            Ok(text) => text.parse::<T>().map_err(|error| error.why()),
        };
        self.or_left_out(field, &text, read)
    }

    /// Reads a field that people write in many ways. What cannot be read is left out; a note says what else was.
    pub fn untidy<T: Untidy>(&mut self, field: &ImportField) -> CellValue<T> {
        let text = match self.known(field) {
            CellValue::Nothing => return CellValue::Nothing,
            CellValue::Empty => return CellValue::Empty,
            CellValue::Value(text) => text,
        };
        let read = match value::whole_number(&text) {
            Err(_) => Err(ROUNDED),
            Ok(text) => T::untidy(&text).map_err(|error| error.why()),
        };
        let read = self.or_left_out(field, &text, read);
        if let CellValue::Value(TidiedValue { value, left_out: true }) = &read {
            let note = Note::new(READ_AS).with("field", field.slug).with("as", value.as_ref());
            self.note(note.quoting(&text));
        }
        read.map(|tidied| tidied.value)
    }

    /// Returns a value that was read from `text`, or leaves the field out.
    pub fn or_left_out<T, E: CellError>(
        &mut self,
        field: &ImportField,
        text: &str,
        read: Result<T, E>,
    ) -> CellValue<T> {
        match read {
            Ok(value) => CellValue::Value(value),
            Err(error) => {
                self.leave_out(field, text, error.why());
                CellValue::Nothing
            }
        }
    }

    /// Reads a field as a date. An invalid date is left out.
    pub fn date(&mut self, field: &ImportField) -> CellValue<NaiveDate> {
        match self.known(field) {
            CellValue::Nothing => CellValue::Nothing,
            CellValue::Empty => CellValue::Empty,
            CellValue::Value(text) if is_no_date(&text) => CellValue::Empty,
            CellValue::Value(text) => {
                let read = spelled(&text).and_then(|date| date.in_order(self.reader.order));
                self.or_left_out(field, &text, read.ok_or(NOT_A_DATE))
            }
        }
    }

    /// Reads a first and a last day. An end before its start is left out.
    pub fn period(
        &mut self,
        start: &ImportField,
        end: &ImportField,
    ) -> (CellValue<NaiveDate>, CellValue<NaiveDate>) {
        let (starts_on, mut ends_on) = (self.date(start), self.date(end));
        if let (Some(first), Some(last)) = (starts_on.value(), ends_on.value())
            && last < first
        {
            let note = end_before_start(end, *first, *last);
            let note = self.with_order(note, &[start, end]);
            self.note(note);
            ends_on = CellValue::Nothing;
        }
        for (field, day) in [(start, &starts_on), (end, &ends_on)] {
            self.note_day(field, day);
        }
        (starts_on, ends_on)
    }

    /// Notes a date that was read, which the log shows for new records: a person can see whether day and month are the
    /// right way round.
    pub fn note_day(&mut self, field: &ImportField, day: &CellValue<NaiveDate>) {
        if let CellValue::Value(day) = day {
            self.note(Note::new(DATED).with("field", field.slug).with("date", day));
        }
    }

    /// Leaves a date out that cannot be right. `why` is the note's code too.
    pub fn leave_out_date(&mut self, field: &ImportField, day: NaiveDate, why: &'static str) {
        let note = Note::new(why).with("field", field.slug).with("why", why).with("date", day);
        let note = self.with_order(note, &[field]);
        self.note(note);
    }

    /// Leaves a field out that cannot be read. The note's code is the field's slug.
    pub fn leave_out(&mut self, field: &ImportField, text: &str, why: &'static str) {
        let note = unreadable(field, text, why);
        let note = if why == NOT_A_DATE { self.with_order(note, &[field]) } else { note };
        self.note(note);
    }

    /// Adds the order of dates if the text of one of these fields depends on it.
    fn with_order(&self, note: Note, fields: &[&ImportField]) -> Note {
        let mut texts = fields.iter().filter_map(|field| self.cell(field));
        if texts.any(|text| matches!(spelled(&text), Some(SpelledDate::Numbers(_)))) {
            note.with("order", self.reader.order.slug())
        } else {
            note
        }
    }

    /// The groups of columns that the file has, each once and in order: see [`super::groups`].
    pub fn groups(&self) -> &'a [u8] {
        &self.reader.groups
    }

    /// Whether the file has a column for a field.
    pub fn has(&self, field: &ImportField) -> bool {
        self.column(field).is_some()
    }

    /// Rejects the row because a field cannot be read. The problem's code is the field's slug.
    pub fn reject(&mut self, field: &ImportField, text: &str, why: &'static str) {
        self.problem(unreadable(field, text, why));
    }

    /// Adds a problem: the row is rejected.
    pub fn problem(&mut self, problem: Note) {
        self.problems.push(problem);
    }

    /// Adds a note about something harmless, such as a field that was left out.
    pub fn note(&mut self, note: Note) {
        self.notes.push(note);
    }

    /// Returns what was read and the notes, or everything that is wrong with the row, the problems first.
    pub fn finish<R>(mut self, read: Option<R>) -> Result<(R, Vec<Note>), Vec<Note>> {
        self.note_marks();
        if let Some(row) = read.filter(|_| self.problems.is_empty()) {
            return Ok((row, self.notes));
        }
        let notes = self.notes.into_iter().filter(|note| note.code != DATED);
        Err(self.problems.into_iter().chain(notes).collect())
    }

    /// The time zone of the school; empty if it is not known.
    pub fn zone(&self) -> &'static str {
        self.reader.zone
    }

    /// The day the file was uploaded.
    pub fn day(&self) -> NaiveDate {
        self.reader.day
    }
}

/// The note about a cell that cannot be read. Its code is the field's slug.
fn unreadable(field: &ImportField, text: &str, why: &'static str) -> Note {
    Note::new(field.slug).with("field", field.slug).with("why", why).quoting(text)
}

/// The note about an end that was left out because it is before its start.
pub fn end_before_start(end: &ImportField, first: NaiveDate, last: NaiveDate) -> Note {
    Note::new(END_BEFORE_START)
        .with("field", end.slug)
        .with("why", END_BEFORE_START)
        .with("start", first)
        .with("end", last)
}
