//! What a row of a list says wrong, cell by cell, and what to do about it. The same in the browser, as cells are pasted,
//! and on the server before anything is written.

use std::collections::HashMap;

use super::{LONGEST_CELL, PasteCells, PasteColumn, PastedRow};
use crate::accounts::username::Username;
use crate::fold::fold;
use crate::roll::address::EmailAddress;
use crate::roll::enrolment::AdmissionNumber;
use crate::roll::name::PersonName;

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellProblem {
    /// The cell's column.
    pub column: PasteColumn,
    /// What is wrong and what to do, as a sentence.
    pub sentence: String,
    /// The same as a stable word.
    pub code: &'static str,
}

/// The problems of a row, in the order of its cells.
pub type RowProblems = Vec<CellProblem>;

/// A name for comparing: without case, accents and signs.
pub fn name_key(row: &PastedRow) -> String {
    let [family, given] =
        [PasteColumn::FamilyName, PasteColumn::GivenName].map(|column| fold(row.cell(column)));
    format!("{family}\t{given}")
}

/// Checks all rows. Empty ones have no problems.
pub fn check(rows: &[PastedRow]) -> Vec<RowProblems> {
    ListCheck::default().again(rows)
}

/// A list that is checked again and again while it is edited: rows that did not change are not read again.
#[derive(Debug, Default)]
pub struct ListCheck {
    rows: Vec<CheckedRow>,
}

/// A row, and what is known of it by itself.
#[derive(Debug, Default)]
struct CheckedRow {
    cells: PasteCells,
    problems: RowProblems,
    number: String,
    username: String,
    name: String,
}

impl CheckedRow {
    fn of(row: &PastedRow) -> Self {
        Self {
            cells: row.cells.clone(),
            problems: of_row(row),
            number: row.cell(PasteColumn::AdmissionNumber).to_lowercase(),
            username: row.cell(PasteColumn::Username).to_lowercase(),
            name: name_key(row),
        }
    }
}

impl ListCheck {
    /// Checks all rows.
    pub fn again(&mut self, rows: &[PastedRow]) -> Vec<RowProblems> {
        self.rows.resize_with(rows.len(), CheckedRow::default);
        for (known, row) in self.rows.iter_mut().zip(rows) {
            if known.cells != row.cells {
                *known = CheckedRow::of(row);
            }
        }
        let mut found: Vec<RowProblems> = self.rows.iter().map(|row| row.problems.clone()).collect();
        let mut numbers: HashMap<&str, usize> = HashMap::with_capacity(rows.len());
        let mut usernames: HashMap<&str, usize> = HashMap::with_capacity(rows.len());
        let mut names: HashMap<&str, Vec<usize>> = HashMap::with_capacity(rows.len());
        for (at, row) in self.rows.iter().enumerate().filter(|(at, _)| !rows[*at].is_empty()) {
            let same_number = earlier(&mut numbers, &row.number, at);
            let same_username = earlier(&mut usernames, &row.username, at);
            found[at].extend(same_number.map(|first| number_twice(first + 1)));
            found[at].extend(same_username.map(|first| username_twice(first + 1)));
            if row.name.len() < 2 {
                continue;
            }
            let alike = names.entry(&row.name).or_default();
            let same = alike.iter().copied().find(|other| may_be_same(&rows[*other], &rows[at]));
            alike.push(at);
            let same = same.filter(|_| same_number.is_none() && same_username.is_none());
            found[at].extend(same.map(|first| person_twice(first + 1)));
        }
        for problems in found.iter_mut().filter(|problems| problems.len() > 1) {
            problems.sort_by_key(|problem| problem.column);
        }
        found
    }
}

fn number_twice(first: usize) -> CellProblem {
    CellProblem {
        column: PasteColumn::AdmissionNumber,
        sentence: format!(
            "Row {first} has the same admission number. Correct one, or remove one of the rows."
        ),
        code: "number_twice",
    }
}

fn username_twice(first: usize) -> CellProblem {
    CellProblem {
        column: PasteColumn::Username,
        sentence: format!("Row {first} has the same username. Change one, or leave it blank: one is made."),
        code: "username_twice",
    }
}

fn person_twice(first: usize) -> CellProblem {
    CellProblem {
        column: PasteColumn::FamilyName,
        sentence: format!(
            "Row {first} has the same name. Remove one of the rows; or, if these are two students, give both an admission number or an email address."
        ),
        code: "person_twice",
    }
}

/// The earlier row with the same text, unless it is blank.
fn earlier<'t>(seen: &mut HashMap<&'t str, usize>, text: &'t str, at: usize) -> Option<usize> {
    if text.is_empty() {
        return None;
    }
    match seen.entry(text) {
        std::collections::hash_map::Entry::Occupied(first) => Some(*first.get()),
        std::collections::hash_map::Entry::Vacant(free) => {
            free.insert(at);
            None
        }
    }
}

/// Whether two rows of one name may be about one person: nothing tells them apart.
fn may_be_same(one: &PastedRow, other: &PastedRow) -> bool {
    let apart = |column: PasteColumn| {
        let (one, other) = (one.cell(column), other.cell(column));
        !one.is_empty() && !other.is_empty() && !one.eq_ignore_ascii_case(other)
    };
    ![PasteColumn::Email, PasteColumn::Username, PasteColumn::AdmissionNumber].into_iter().any(apart)
}

/// Checks the cells of one row by themselves.
fn of_row(row: &PastedRow) -> RowProblems {
    let mut problems = RowProblems::new();
    if row.is_empty() {
        return problems;
    }
    let mut wrong = |column, code, sentence| problems.push(CellProblem { column, sentence, code });
    let [family, given, email, username, number] = PasteColumn::ALL.map(|column| row.cell(column));
    if let Err(error) = PersonName::new(given, "", family, "") {
        let column =
            if given.len() > family.len() { PasteColumn::GivenName } else { PasteColumn::FamilyName };
        wrong(column, "name", error.to_string());
    } else {
        for (column, name) in [(PasteColumn::FamilyName, family), (PasteColumn::GivenName, given)] {
            if name.contains('@') {
                let sentence =
                    "This looks like an email address. Put it into the column Email, and type the name here.";
                wrong(column, "name_is_email", sentence.to_owned());
            } else if name.bytes().any(|b| b.is_ascii_digit()) && !name.chars().any(char::is_alphabetic) {
                let sentence =
                    "This is a number. Type the name, and put numbers into the column Admission number.";
                wrong(column, "name_is_number", sentence.to_owned());
            }
        }
    }
    if problems.is_empty() && given.is_empty() && family.contains(',') {
        let sentence =
            "This looks like a whole name. Put the given name into the column Given name.".to_owned();
        problems.push(CellProblem { column: PasteColumn::FamilyName, sentence, code: "name_is_whole" });
    }
    let mut wrong = |column, code, sentence| problems.push(CellProblem { column, sentence, code });
    if !email.is_empty()
        && let Err(error) = email.parse::<EmailAddress>()
    {
        wrong(PasteColumn::Email, "email", error.to_string());
    }
    if !username.is_empty()
        && let Err(error) = username.parse::<Username>()
    {
        wrong(PasteColumn::Username, "username_invalid", error.to_string());
    }
    if !number.is_empty()
        && let Err(error) = number.parse::<AdmissionNumber>()
    {
        wrong(PasteColumn::AdmissionNumber, "number", error.to_string());
    }
    let long = PasteColumn::ALL.into_iter().find(|column| row.cell(*column).chars().count() >= LONGEST_CELL);
    if let Some(column) = long.filter(|_| problems.is_empty()) {
        let sentence = "This is too long. Check that it is in the right column.".to_owned();
        problems.push(CellProblem { column, sentence, code: "too_long" });
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(rows: &[[&str; 5]]) -> Vec<Vec<(PasteColumn, &'static str)>> {
        let rows: Vec<PastedRow> = rows.iter().map(|cells| PastedRow::of(*cells)).collect();
        let brief =
            |row: RowProblems| row.into_iter().map(|problem| (problem.column, problem.code)).collect();
        check(&rows).into_iter().map(brief).collect()
    }

    #[test]
    fn each_wrong_cell_has_its_remedy() {
        let found = problems(&[
            ["Berg", "Ana", "ana@school.example", "a.berg", "0042"],
            ["", "", "x@school.example", "", ""],
            ["Berg", "Bo", "bo.school.example", "b berg", ""],
            ["cy@school.example", "Cy", "", "", ""],
            ["", "", "", "", ""],
            ["1204", "Di", "", "", ""],
            ["Berg, Eva", "", "", "", ""],
        ]);
        assert_eq!(found[0], []);
        assert_eq!(found[1], [(PasteColumn::FamilyName, "name")]);
        assert_eq!(found[2], [(PasteColumn::Email, "email"), (PasteColumn::Username, "username_invalid")]);
        assert_eq!(found[3], [(PasteColumn::FamilyName, "name_is_email")]);
        assert_eq!(found[4], []);
        assert_eq!(found[5], [(PasteColumn::FamilyName, "name_is_number")]);
        assert_eq!(found[6], [(PasteColumn::FamilyName, "name_is_whole")]);
    }

    #[test]
    fn forty_of_one_surname_and_initial_are_forty_students() {
        let given: Vec<String> =
            (0..40).map(|n| format!("A{}", "abcdefgh".repeat(n % 5 + 1) + &"x".repeat(n))).collect();
        let rows: Vec<PastedRow> =
            given.iter().map(|given| PastedRow::of(["Smith", given, "", "", ""])).collect();
        assert!(check(&rows).iter().all(Vec::is_empty));
    }

    #[test]
    fn the_same_person_twice_is_told_from_two_of_one_name() {
        let twice = problems(&[["Berg", "Ana", "", "", ""], ["BERG", "Ána", "", "", ""]]);
        assert_eq!(twice[1], [(PasteColumn::FamilyName, "person_twice")]);
        let two = problems(&[["Berg", "Ana", "a@x.example", "", ""], ["Berg", "Ana", "b@x.example", "", ""]]);
        assert_eq!(two[1], []);
        let number = problems(&[["Berg", "Ana", "", "", "7a"], ["Berg", "Bo", "", "", "7A"]]);
        assert_eq!(number[1], [(PasteColumn::AdmissionNumber, "number_twice")]);
        let username = problems(&[["Berg", "Ana", "", "berg", ""], ["Olsen", "Bo", "", "Berg", ""]]);
        assert_eq!(username[1], [(PasteColumn::Username, "username_twice")]);
    }

    #[test]
    fn a_list_that_is_edited_is_checked_like_a_new_one() {
        let mut rows: Vec<PastedRow> =
            [["Berg", "Ana", "", "", "1"], ["Olsen", "Bo", "x", "", "2"], ["Berg", "Ana", "", "", "2"]]
                .map(PastedRow::of)
                .to_vec();
        let mut list = ListCheck::default();
        assert_eq!(list.again(&rows), check(&rows));
        rows[1] = PastedRow::of(["Berg", "Ana", "", "", ""]);
        assert_eq!(list.again(&rows), check(&rows));
        rows.remove(0);
        rows.push(PastedRow::default());
        assert_eq!(list.again(&rows), check(&rows));
        assert!(list.again(&[]).is_empty());
    }

    #[test]
    fn names_from_right_to_left_are_names() {
        assert_eq!(problems(&[["\u{202b}الخطيب\u{202c}", "محمد", "", "", ""]])[0], []);
    }
}
