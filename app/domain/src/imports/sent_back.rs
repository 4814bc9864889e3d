//! The sheet that goes back to who sent a file: its faulty rows, with a last column that says what is wrong. When it
//! comes again, that column is no data, and the log says which rows were fixed.

use serde::{Deserialize, Serialize};

use super::names::header_key;
use super::note::Note;
use super::views::RowLine;

/// The heading of the last column.
pub const REASON: &str = "What to correct (from Greencap)";

/// What the sheet is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetFormat {
    /// Comma-separated values, for any program that reads tables.
    Csv,
    /// A workbook for Excel and compatible programs.
    Xlsx,
}

impl SheetFormat {
    /// The file's ending.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// The media type (IANA).
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// The code of a note on a row that was sent back before.
pub const SENT_BACK: &str = "sent_back";

/// Whether a heading is that of the column which Greencap has added.
pub fn is_reason(heading: &str) -> bool {
    header_key(heading) == header_key(REASON)
}

/// Whether a row was sent back.
pub fn was_sent_back(line: &RowLine) -> bool {
    line.notes.iter().any(|note| note.code == SENT_BACK)
}

/// Whether a row was sent back and has come without a problem.
pub fn is_fixed(line: &RowLine) -> bool {
    was_sent_back(line) && !line.is_faulty()
}

/// What the log says of a row that was sent back; `None` for a note of another origin.
pub(super) fn words(line: &RowLine, note: &Note) -> Option<&'static str> {
    (note.code == SENT_BACK).then(|| {
        if is_fixed(line) {
            "This row was sent back, and is fixed."
        } else {
            "This row was sent back, and still has a problem."
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::outcome::RowOutcome;
    use super::*;

    #[test]
    fn the_heading_is_known_however_a_program_writes_it() {
        assert!(is_reason(REASON) && is_reason("what_to_correct (FROM GREENCAP)") && !is_reason("Reason"));
    }

    #[test]
    fn a_row_is_mended_when_nothing_is_wrong_with_it_any_more() {
        let notes = vec![Note::new(SENT_BACK)];
        let line = |outcome| RowLine { outcome, notes: notes.clone(), ..RowLine::default() };
        assert!(is_fixed(&line(RowOutcome::Added)) && is_fixed(&line(RowOutcome::Unchanged)));
        assert!(!is_fixed(&line(RowOutcome::Rejected)) && !is_fixed(&RowLine::default()));
    }
}
