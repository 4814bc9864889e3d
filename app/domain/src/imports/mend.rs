//! Mending a file's rows on the page: which problems they have, and the cells that somebody corrects. The file itself
//! stays as it was sent.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::cells::{END_BEFORE_START, ERROR_CELL, MADE_A_DATE, NOT_A_DATE, ROUNDED};
use super::deciding::LEFT_WITHOUT_END;
use super::kind::ImportDeclaration;
use super::note::Note;
use super::outcome::RowOutcome;
use super::plan::AFTER_REJECTED;
use super::views::RowLine;
use super::words;

/// The most characters that a corrected cell may have: more than any field takes.
pub const MAX_CELL: usize = 1000;

/// What is wrong with a row, without the row's own values: rows with the same problem are looked at together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ProblemKey {
    /// The code of the note that says it.
    pub code: Cow<'static, str>,
    /// The field whose cell it is about; empty if it is about the row.
    pub field: String,
    /// Why the cell cannot be read; empty if the code says it.
    pub why: String,
}

impl ProblemKey {
    /// The problem that a note says.
    pub fn of(kind: &ImportDeclaration, note: &Note) -> Self {
        // That a key is missing is said by the code alone.
        let is_about_key = note.get("field").is_empty() && note.code.starts_with(kind.key);
        let field = if is_about_key { kind.key } else { note.get("field") };
        Self { code: note.code.clone(), field: field.to_owned(), why: note.get("why").to_owned() }
    }

    /// What it is, as the heading of its rows. `example` is the note of one of them.
    pub fn heading(&self, kind: &ImportDeclaration, example: &Note) -> String {
        let label = kind.label(&self.field);
        let what = match self.why.as_str() {
            NOT_A_DATE => "not a date",
            ROUNDED => "digits are lost in the spreadsheet",
            ERROR_CELL => "a spreadsheet error instead of a value",
            MADE_A_DATE => "made a date by a spreadsheet",
            END_BEFORE_START => return "The end is before the start".to_owned(),
            "" if self.code == AFTER_REJECTED => return "Waits for another row".to_owned(),
            "" if self.code == LEFT_WITHOUT_END => return "Left, but without a last day".to_owned(),
            "" => return words::note(kind, example),
            _ if label.is_empty() => return words::note(kind, example),
            _ => "can\u{2019}t be read",
        };
        format!("{label}: {what}")
    }
}

/// The notes of a row that say what is wrong with it, the worst first: why it is rejected, and which fields are left
/// out because their cells cannot be read.
pub fn problems(line: &RowLine) -> Vec<&Note> {
    let is_rejected = line.outcome == RowOutcome::Rejected;
    let left_out: Vec<&str> = line.left_out().collect();
    let is_problem = |(at, note): &(usize, &Note)| {
        let is_reason =
            (is_rejected && (*at == 0 || note.left_out().is_some())) || (line.lacks_end() && *at == 0);
        is_reason || note.left_out().is_some_and(|field| left_out.contains(&field))
    };
    line.notes.iter().enumerate().filter(is_problem).map(|(_, note)| note).collect()
}

/// Rows with one problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemRows {
    /// The problem.
    pub key: ProblemKey,
    /// What it is, in words.
    pub heading: String,
    /// How many rows have it.
    pub rows: u32,
    /// The values that stand in several of these rows, the most frequent first: they can be replaced together.
    pub values: Vec<RepeatedValue>,
    /// The first rows.
    pub first: Vec<FaultyRow>,
}

/// A value that stands in several rows with one problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepeatedValue {
    /// The cell's text.
    pub value: String,
    /// In how many rows it stands.
    pub rows: u32,
}

/// A row with a problem, as fields to correct.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultyRow {
    /// The row's number in the file, as a spreadsheet shows it.
    pub row: u32,
    /// The name in the row, as written in the file.
    pub name: String,
    /// What the log says of it.
    pub told: String,
    /// The cells that can be corrected, in the order of the file.
    pub cells: Vec<FaultyCell>,
}

/// A cell of such a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultyCell {
    /// The column's index in the file.
    pub column: u32,
    /// The column's heading.
    pub heading: String,
    /// The field that the column is matched to.
    pub label: String,
    /// The text, as the file has it or as it was corrected.
    pub value: String,
    /// What is wrong with it.
    pub complaint: Option<String>,
}

/// What a file's problems are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileProblems {
    /// The problems, the most frequent first.
    pub kinds: Vec<ProblemRows>,
}

/// A cell as it is to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectedCell {
    /// The column's index in the file.
    pub column: u32,
    /// Its text.
    pub value: String,
}

/// Cells to correct.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "mend")]
pub enum Mending {
    /// The cells of one row.
    Row {
        /// The row's number.
        row: u32,
        /// Its cells.
        cells: Vec<CorrectedCell>,
    },
    /// One value in all rows with one problem.
    Replace {
        /// The problem.
        problem: ProblemKey,
        /// The text that stands in their cells.
        value: String,
        /// What is to stand there.
        with: String,
    },
    /// Takes back every correction of the file.
    Nothing,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roll::import::STUDENTS;

    fn left_out(field: &str, why: &str, value: &str) -> Note {
        Note::new("date_of_birth").with("field", field).with("why", why).quoting(value)
    }

    #[test]
    fn a_problem_has_one_heading_whatever_stands_in_its_cells() {
        let (one, other) =
            (left_out("date_of_birth", NOT_A_DATE, "07/08"), left_out("date_of_birth", NOT_A_DATE, "soon"));
        assert_eq!(ProblemKey::of(&STUDENTS, &one), ProblemKey::of(&STUDENTS, &other));
        assert_eq!(ProblemKey::of(&STUDENTS, &one).heading(&STUDENTS, &one), "Date of birth: not a date");
        let row = Note::new("name_missing");
        assert_eq!(
            ProblemKey::of(&STUDENTS, &row).heading(&STUDENTS, &row),
            "There is no name. Enter a given name or a family name."
        );
    }

    #[test]
    fn the_problems_of_a_row_are_why_it_is_rejected_and_what_is_left_out() {
        let notes = vec![Note::new("name_missing"), Note::new("hidden_row"), left_out("email", "no_at", "x")];
        let rejected = RowLine { outcome: RowOutcome::Rejected, notes, ..RowLine::default() };
        let codes: Vec<&str> = problems(&rejected).iter().map(|note| note.code.as_ref()).collect();
        assert_eq!(codes, ["name_missing", "date_of_birth"]);
        let added = RowLine { outcome: RowOutcome::Added, ..rejected.clone() };
        assert_eq!(problems(&added).len(), 1);
        let skipped = RowLine { outcome: RowOutcome::Skipped, ..rejected };
        assert!(problems(&skipped).is_empty());
    }
}
