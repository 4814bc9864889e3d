//! The sentences of the log. Codes and parameters are put into words only here.

use chrono::NaiveDate;

use super::cells::{
    DATED, ENCODED_TWICE, END_BEFORE_START, ERROR_CELL, LETTER_LOST, MADE_A_DATE, NOT_A_DATE, READ_AS,
    ROUNDED, UNQUOTED,
};
use super::dates::{DateError, DateOrder};
use super::held_words;
use super::kind::{CellType, ImportDeclaration};
use super::note::{CHANGED, KEPT, Note};
use super::outcome::RowOutcome;
use super::plan::{
    AFTER_REJECTED, ANOTHER_COUNTS, ANOTHER_HAS_KEY, KEY_FREED, MAY_BE_ANOTHER, WAITS_FOR_ROW,
};
use super::remark;
use super::sent_back;
use super::views::RowLine;

/// A number of rows: "1 row".
pub fn rows(count: u32) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentencePart {
    /// The text.
    pub text: String,
    /// Whether it is a new value.
    pub is_new: bool,
}

/// Describes a row, in parts.
pub fn parts(kind: &ImportDeclaration, line: &RowLine) -> Vec<SentencePart> {
    let mut text = SentenceBuilder::default();
    match line.outcome {
        // Whole sentences, from before logs were stored as codes.
        _ if line.notes.iter().any(|note| note.code == "written") => {}
        RowOutcome::Added => text.sentence(&format!("New {}.", kind.one)),
        RowOutcome::Unchanged => text.sentence("No changes."),
        RowOutcome::Updated
        | RowOutcome::Linked
        | RowOutcome::History
        | RowOutcome::Skipped
        | RowOutcome::Kept
        | RowOutcome::Held
        | RowOutcome::Rejected => {}
    }
    let is_whole = line.outcome == RowOutcome::Held;
    if let Some(held) = line.held.as_ref().filter(|_| is_whole) {
        text.sentence(&held_words::sentence(kind, held));
    }
    let (changes, others): (Vec<&Note>, Vec<&Note>) =
        line.notes.iter().partition(|note| note.code == CHANGED);
    for (at, note) in changes.iter().enumerate() {
        text.change(kind, note, at == 0);
        text.plain(if at + 1 == changes.len() { "." } else { "; " });
    }
    let (dates, others): (Vec<&Note>, Vec<&Note>) = others.into_iter().partition(|note| note.code == DATED);
    // The dates of records that exist are said where they change.
    let dates: Vec<&Note> = dates.into_iter().filter(|_| line.outcome == RowOutcome::Added).collect();
    for (at, note) in dates.iter().enumerate() {
        text.date(kind, note, at == 0);
        text.plain(if at + 1 == dates.len() { "." } else { ", " });
    }
    for note in others {
        match sent_back::words(line, note) {
            Some(said) => text.sentence(said),
            None => text.sentence(&sentence(kind, note)),
        }
    }
    if let Some(held) = line.held.as_ref().filter(|_| !is_whole) {
        text.sentence(&held_words::sentence(kind, held));
    }
    let left_out: Vec<&str> = line.left_out().map(|field| kind.label(field)).collect();
    if !left_out.is_empty() {
        text.sentence(&format!("Left out: {}.", left_out.join(", ")));
    }
    text.0
}

/// Describes a row, as one text.
pub fn line(kind: &ImportDeclaration, line: &RowLine) -> String {
    parts(kind, line).into_iter().map(|part| part.text).collect()
}

/// A quoted value.
pub fn quote(value: &str) -> String {
    format!("\u{201c}{value}\u{201d}")
}

/// The days between which a note's enrolment or employment lasts: "from 1 Sep 2018 to 20 Jul 2020".
pub fn period(note: &Note) -> String {
    match (note.day("start").map(short), note.day("end").map(short)) {
        (Some(start), Some(end)) => format!("from {start} to {end}"),
        (Some(start), None) => format!("from {start}"),
        (None, Some(end)) => format!("to {end}"),
        (None, None) => "without dates".to_owned(),
    }
}

fn key_freed(kind: &ImportDeclaration, note: &Note) -> String {
    let (label, name) = (kind.label(kind.key).to_lowercase(), note.get("name"));
    let since = note.day("since").map(short).unwrap_or_default();
    format!(
        "This {label} was that of {name}, who left on {since}. Theirs becomes {}; their account stays as it is.",
        quote(note.get("former"))
    )
}

/// A date in the short form used on pages.
pub fn short(day: NaiveDate) -> String {
    crate::when::short_date(&day)
}

/// A note in words, by itself.
pub fn note(kind: &ImportDeclaration, note: &Note) -> String {
    sentence(kind, note)
}

/// The sentences of one note.
fn sentence(kind: &ImportDeclaration, note: &Note) -> String {
    let said = about_cell(kind, note).unwrap_or_else(|| match note.code.as_ref() {
        "repeated_row" => format!("Same as row {}. Nothing to do.", note.get("row")),
        "same_person" => format!("Row {} is about the same person.", note.get("row")),
        WAITS_FOR_ROW => {
            let row = note.get("row");
            format!("Held back with row {row}, which is about the same person: decide that row.")
        }
        AFTER_REJECTED => format!(
            "Row {} is about the same person, with later dates, and is rejected. Correct that row first.",
            note.get("row")
        ),
        ANOTHER_COUNTS => {
            format!("Row {} is about the same person, and counts. Nothing to do.", note.get("row"))
        }
        ANOTHER_HAS_KEY => {
            let (row, label) = (note.get("row"), kind.label(kind.key).to_lowercase());
            format!(
                "Left out, because row {row} has the same {label} and counts. If this row is about somebody else, give it its \
                 own {label} in the file, and import it again."
            )
        }
        MAY_BE_ANOTHER => {
            let (row, label) = (note.get("row"), kind.label(kind.key).to_lowercase());
            format!("Row {row} has another name or date of birth: if this row is about somebody else, correct the {label}.")
        }
        KEY_FREED => key_freed(kind, note),
        "row_left_out" => "Left out, as you decided.".to_owned(),
        "written" => note.get("text").to_owned(),
        _ if let Some(said) = remark::words(kind, note) => said,
        // The log may be from a newer version of Greencap: its code is better than nothing.
        code => super::deciding::words(kind.one, note)
            .or_else(|| (kind.words)(note))
            .unwrap_or_else(|| code.to_owned()),
    });
    match DateOrder::from_slug(note.get("order")) {
        Some(order) => format!("{said} Dates in this file are read as {}.", order.words()),
        None => said,
    }
}

/// What is said of any kind's cells.
fn about_cell(kind: &ImportDeclaration, note: &Note) -> Option<String> {
    let label = kind.label(note.get("field"));
    let value = || quote(note.get("value"));
    let day = |name: &str| note.day(name).map(short).unwrap_or_default();
    match note.code.as_ref() {
        KEPT => {
            return Some(format!(
                "{label} was changed by hand and stays as it is. The file has {}.",
                value()
            ));
        }
        READ_AS => return Some(format!("{label}: {} was read as {}.", value(), note.get("as"))),
        UNQUOTED => {
            let fields: Vec<&str> = note.get("fields").split(',').map(|slug| kind.label(slug)).collect();
            return Some(format!(
                "Quotation marks around the whole cell were left out: {}.",
                fields.join(", ")
            ));
        }
        LETTER_LOST => {
            return Some(format!(
                "{label}: {} seems to have lost a letter before it came into the file. Correct it, or export the list again as UTF-8.",
                value()
            ));
        }
        ENCODED_TWICE => {
            let may_be = match note.get("as") {
                "" => String::new(),
                read => format!(", which may be {}", quote(read)),
            };
            return Some(format!(
                "{label}: the letters of {}{may_be}, were mixed up before they came into the file. Correct it, or export the list again as UTF-8.",
                value()
            ));
        }
        _ => {}
    }
    Some(match note.get("why") {
        NOT_A_DATE => format!("{label}: {} is not a date. {DateError}", value()),
        ROUNDED => format!(
            "{label}: a spreadsheet has shortened this number to {}, so its last digits are missing. Format the column as text in the spreadsheet and enter the number again.",
            value()
        ),
        ERROR_CELL => {
            format!("{label}: the cell has the spreadsheet error {}. Correct it in the spreadsheet.", value())
        }
        MADE_A_DATE => format!(
            "{label}: {} looks like a date that a spreadsheet made of another text, such as 3-4. Format the column as text in the spreadsheet and enter it again.",
            value()
        ),
        // Logs from before such an end was left out have no reason.
        END_BEFORE_START => end_before_start(&day("start"), &day("end")),
        _ if note.code == END_BEFORE_START => end_before_start(&day("start"), &day("end")),
        _ => return None,
    })
}

fn end_before_start(start: &str, end: &str) -> String {
    format!("The end date, {end}, is before the start date, {start}. Correct one of them.")
}

/// A text being built.
#[derive(Default)]
struct SentenceBuilder(Vec<SentencePart>);

impl SentenceBuilder {
    fn plain(&mut self, text: &str) {
        match self.0.last_mut().filter(|part| !part.is_new) {
            Some(part) => part.text.push_str(text),
            None => self.0.push(SentencePart { text: text.to_owned(), is_new: false }),
        }
    }

    fn sentence(&mut self, text: &str) {
        if !self.0.is_empty() {
            self.plain(" ");
        }
        self.plain(text);
    }

    /// "Date of birth 3 Apr 2012".
    fn date(&mut self, kind: &ImportDeclaration, note: &Note, first: bool) {
        let label = kind.label(note.get("field"));
        let lead = if first && !self.0.is_empty() { " " } else { "" };
        self.plain(&format!("{lead}{label} "));
        let day = note.day("date").map(short).unwrap_or_default();
        self.0.push(SentencePart { text: day, is_new: true });
    }

    fn change(&mut self, kind: &ImportDeclaration, note: &Note, first: bool) {
        if first && !self.0.is_empty() {
            self.plain(" ");
        }
        let field = kind.field(note.get("field"));
        let value =
            |name: &str| match note.day(name).filter(|_| field.is_some_and(|f| f.holds == CellType::Dates)) {
                Some(day) => short(day),
                None => note.get(name).to_owned(),
            };
        let (label, old, new) = (field.map_or("", |field| field.label), value("old"), value("new"));
        match (old.is_empty(), new.is_empty()) {
            (true, _) => self.plain(&format!("{label} set to \u{201c}")),
            (false, true) => return self.plain(&format!("{label} cleared, was {}", quote(&old))),
            (false, false) => self.plain(&format!("{label} changed from {} to \u{201c}", quote(&old))),
        }
        self.0.push(SentencePart { text: new, is_new: true });
        self.plain("\u{201d}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roll::import::{END_DATE, STUDENTS, YEAR_GROUP};

    fn line_of(outcome: RowOutcome, notes: Vec<Note>) -> RowLine {
        RowLine { outcome, code: "x".into(), notes, held: None }
    }

    #[test]
    fn changes_are_one_sentence_whose_new_values_can_be_marked() {
        let notes = vec![
            Note::changed(&YEAR_GROUP, "8", "9"),
            Note::changed(&END_DATE, "", "2026-07-18"),
            Note::new("repeated_row").with("row", 7),
        ];
        let told = line_of(RowOutcome::Updated, notes);
        assert_eq!(
            line(&STUDENTS, &told),
            "Year group changed from \u{201c}8\u{201d} to \u{201c}9\u{201d}; End date set to \u{201c}18 Jul 2026\u{201d}. Same as row 7. Nothing to do."
        );
        let new: Vec<String> =
            parts(&STUDENTS, &told).into_iter().filter(|part| part.is_new).map(|part| part.text).collect();
        assert_eq!(new, ["9", "18 Jul 2026"]);
    }

    #[test]
    fn what_is_new_or_the_same_is_said_and_an_unknown_code_is_shown() {
        assert_eq!(line(&STUDENTS, &line_of(RowOutcome::Added, vec![])), "New student.");
        assert_eq!(line(&STUDENTS, &line_of(RowOutcome::Unchanged, vec![])), "No changes.");
        assert_eq!(
            line(&STUDENTS, &line_of(RowOutcome::Rejected, vec![Note::new("of_tomorrow")])),
            "of_tomorrow"
        );
    }
}
