//! Which column of a paste is which: by its headings, in any order and in the languages that imports know; without
//! headings by what the cells look like; and otherwise in the shown order.

use super::read::{RawRows, ReadError};
use super::{MOST_ROWS, PasteCells, PasteColumn, PastedRow};
use crate::imports::names::{HeaderNames, Strength, header_key, header_words};
use crate::roll::import::ADMISSION_NUMBER_NAMES;
use crate::roll::import::people::names::{EMAIL, FAMILY_NAME, FULL_NAME, GIVEN_NAME, USERNAME};

/// A paste whose columns are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArrangedPaste {
    /// Its rows, without the headings.
    pub rows: Vec<PastedRow>,
    /// Whether its first row was its headings.
    pub has_headings: bool,
    /// The headings of columns that are left out, and "column 6" for those without one.
    pub left_out: Vec<String>,
}

/// Finds the columns of a paste, and puts its cells into them.
///
/// # Errors
/// If it has too many rows.
pub fn arrange(rows: RawRows) -> Result<ArrangedPaste, ReadError> {
    let headings = rows.first().and_then(|row| by_headings(row));
    let has_headings = headings.is_some();
    let body = &rows[usize::from(has_headings)..];
    if body.len() > MOST_ROWS {
        return Err(ReadError::TooManyRows(body.len()));
    }
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut columns = headings.unwrap_or_else(|| by_cells(body, width));
    columns.resize(width, None);
    let is_filled = |at: usize| body.iter().any(|row| row.get(at).is_some_and(|cell| !cell.is_empty()));
    let unknown = columns.iter().enumerate().filter(|(at, column)| column.is_none() && is_filled(*at));
    let name = |at: usize| {
        let heading = rows[0].get(at).filter(|heading| has_headings && !heading.is_empty());
        heading.cloned().unwrap_or_else(|| format!("column {}", at + 1))
    };
    let left_out = unknown.map(|(at, _)| name(at)).collect();
    let rows = body.iter().map(|row| of(row, &columns)).filter(|row| !row.is_empty()).collect();
    Ok(ArrangedPaste { rows, has_headings, left_out })
}

fn of(row: &[String], columns: &[Option<PasteColumn>]) -> PastedRow {
    let mut cells = PasteCells::default();
    for (cell, column) in row.iter().zip(columns) {
        if let Some(column) = column {
            cells[column.at()].clone_from(cell);
        }
    }
    PastedRow { cells, who: None }
}

/// The names of each column.
const NAMES: [(PasteColumn, &HeaderNames); 5] = [
    (PasteColumn::FamilyName, &FAMILY_NAME),
    (PasteColumn::GivenName, &GIVEN_NAME),
    (PasteColumn::Email, &EMAIL),
    // Before the admission number, which some systems call "user ID".
    (PasteColumn::Username, &USERNAME),
    (PasteColumn::AdmissionNumber, &ADMISSION_NUMBER_NAMES),
];

/// Words that can stand before a heading.
const SUBJECTS: [&str; 9] =
    ["student", "pupil", "learner", "child", "eleve", "schuler", "alumno", "leerling", "uczen"];

/// The column that a heading names, and how strongly.
fn column_of(heading: &str) -> Option<(PasteColumn, Strength)> {
    let key = header_key(heading);
    let mut keys = vec![key.clone()];
    keys.extend(SUBJECTS.iter().filter_map(|subject| key.strip_prefix(subject).map(str::to_owned)));
    let words = header_words(heading);
    if words.iter().any(|word| OF_OTHERS.contains(&word.as_str())) {
        return None;
    }
    let strength = |names: &HeaderNames| keys.iter().find_map(|key| names.strength(key));
    NAMES.into_iter().find_map(|(column, names)| Some((column, strength(names)?)))
}

/// Words of headings of columns about somebody else.
const OF_OTHERS: [&str; 12] = [
    "parent",
    "guardian",
    "mother",
    "father",
    "carer",
    "contact",
    "emergency",
    "teacher",
    "tutor",
    "eltern",
    "mutter",
    "vater",
];

/// The columns that a first row names; `None` if it is no row of headings.
fn by_headings(row: &[String]) -> Option<Vec<Option<PasteColumn>>> {
    let found: Vec<Option<(PasteColumn, Strength)>> = row.iter().map(|heading| column_of(heading)).collect();
    let mut columns: Vec<Option<PasteColumn>> = vec![None; row.len()];
    for strength in Strength::ALL {
        for (at, named) in found.iter().enumerate() {
            if let Some((column, by)) = named
                && *by == strength
                && !columns.contains(&Some(*column))
            {
                columns[at] = Some(*column);
            }
        }
    }
    // Beside one half of a name, "Name" is the other.
    let halves = [PasteColumn::FamilyName, PasteColumn::GivenName];
    let missing: Vec<PasteColumn> =
        halves.into_iter().filter(|half| !columns.contains(&Some(*half))).collect();
    if let [missing] = missing[..]
        && let Some(at) =
            row.iter().position(|heading| FULL_NAME.weak.contains(&header_key(heading).as_str()))
    {
        columns[at] = Some(missing);
    }
    let named = columns.iter().flatten().count();
    let filled = row.iter().filter(|heading| !heading.is_empty()).count();
    (named >= 2 || (named == 1 && filled == 1)).then_some(columns)
}

/// The columns of rows without headings: an address and a number are recognised wherever they stand, and the others
/// are in the shown order.
fn by_cells(rows: &[Vec<String>], width: usize) -> Vec<Option<PasteColumn>> {
    let most = |at: usize, looks: &dyn Fn(&str) -> bool| {
        let cells = rows.iter().filter_map(|row| row.get(at)).filter(|cell| !cell.is_empty());
        let (all, alike) =
            cells.fold((0, 0), |(all, alike), cell| (all + 1, alike + usize::from(looks(cell))));
        all > 0 && alike * 2 > all
    };
    let is_email = |cell: &str| cell.contains('@');
    let is_number = |cell: &str| cell.bytes().all(|b| b.is_ascii_digit());
    let mut columns = vec![None; width];
    let email = (0..width).find(|at| most(*at, &is_email));
    let number = (0..width).find(|at| most(*at, &is_number));
    for (at, column) in [(email, PasteColumn::Email), (number, PasteColumn::AdmissionNumber)] {
        if let Some(at) = at {
            columns[at] = Some(column);
        }
    }
    // With its columns in their places, a list is as shown; so is one whose addresses or numbers are all blank.
    let shown = |at: usize| PasteColumn::ALL.get(at).copied();
    if email.is_none_or(|at| at == 2) && number.is_none_or(|at| at == 4) {
        return (0..width).map(shown).collect();
    }
    let taken = columns.clone();
    let mut rest = PasteColumn::ALL.into_iter().filter(|column| !taken.contains(&Some(*column)));
    for (at, column) in columns.iter_mut().enumerate() {
        if column.is_none() && rows.iter().any(|row| row.get(at).is_some_and(|cell| !cell.is_empty())) {
            *column = rest.next();
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::super::read::{TextSource, text};
    use super::*;

    fn arranged(copied: &str) -> ArrangedPaste {
        arrange(text(copied, TextSource::Clipboard).unwrap()).unwrap()
    }

    fn berg() -> PastedRow {
        PastedRow::of(["Berg", "Ana", "ana@school.example", "", "0042"])
    }

    #[test]
    fn the_shown_order_needs_no_headings() {
        let paste = arranged("Berg\tAna\tana@school.example\t\t0042\nOlsen\tBo");
        assert_eq!(paste.rows, [berg(), PastedRow::of(["Olsen", "Bo", "", "", ""])]);
        assert!(!paste.has_headings && paste.left_out.is_empty());
    }

    #[test]
    fn headings_are_known_in_any_order_and_in_other_languages() {
        for headings in [
            "Admission No\tEmail address\tForename\tSurname",
            "Schülernummer\tE-Mail\tVorname\tNachname",
            "N° élève\tCourriel\tPrénom\tNom",
            "رقم الطالب\tالبريد الالكتروني\tالاسم الاول\tاللقب",
        ] {
            let paste = arranged(&format!("{headings}\n0042\tana@school.example\tAna\tBerg"));
            assert_eq!(paste.rows, [berg()], "{headings}");
            assert!(paste.has_headings, "{headings}");
        }
    }

    #[test]
    fn what_has_no_place_is_left_out_and_said() {
        let paste = arranged("Surname\tFirst name\tParent email\tHouse\nBerg\tAna\tp@home.example\tRed");
        assert_eq!(paste.rows, [PastedRow::of(["Berg", "Ana", "", "", ""])]);
        assert_eq!(paste.left_out, ["Parent email", "House"]);
    }

    #[test]
    fn addresses_and_numbers_are_recognised_where_they_stand() {
        let paste = arranged("0042\tana@school.example\tBerg\tAna\n0043\tbo@school.example\tOlsen\tBo");
        assert_eq!(paste.rows[0], berg());
        let paste = arranged("Berg\tAna\t0042\nOlsen\tBo\t0043");
        assert_eq!(paste.rows[0], PastedRow::of(["Berg", "Ana", "", "", "0042"]));
    }

    #[test]
    fn a_person_whose_name_is_a_heading_is_a_person() {
        let paste = arranged("Name\tEmail\tx@school.example");
        assert_eq!(paste.rows, [PastedRow::of(["Name", "Email", "x@school.example", "", ""])]);
    }
}
