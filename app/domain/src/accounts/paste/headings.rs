//! The columns that a row of headings names.

use super::PasteColumn;
use super::arrange::ListColumn;
use super::names::{self, NameOrder};
use crate::imports::names::{HeaderNames, Strength, header_key, header_words};
use crate::roll::import::ADMISSION_NUMBER_NAMES;
use crate::roll::import::people::names::{
    EMAIL, FAMILY_NAME, FAMILY_NAME_FIRST, FULL_NAME, GIVEN_NAME, USERNAME,
};

/// How many rows are searched for the headings: titles stand above them.
const SEARCHED: usize = 10;

/// The names of each column.
const NAMES: [(PasteColumn, &HeaderNames); 5] = [
    (PasteColumn::FamilyName, &FAMILY_NAME),
    (PasteColumn::GivenName, &GIVEN_NAME),
    (PasteColumn::Email, &EMAIL),
    // Before the admission number, which some systems call "user ID".
    (PasteColumn::Username, &USERNAME),
    (PasteColumn::AdmissionNumber, &ADMISSION_NUMBER_NAMES),
];

/// Words that can stand before a heading, or alone above whole names.
const SUBJECTS: [&str; 9] =
    ["student", "pupil", "learner", "child", "eleve", "schuler", "alumno", "leerling", "uczen"];

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

/// The keys of a heading; none if its column is about somebody else.
fn keys_of(heading: &str) -> Vec<String> {
    let words = header_words(heading);
    if words.iter().any(|word| OF_OTHERS.contains(&word.as_str())) {
        return Vec::new();
    }
    let key = header_key(heading);
    let without = SUBJECTS.iter().filter_map(|subject| key.strip_prefix(subject).map(str::to_owned));
    let mut keys: Vec<String> = without.collect();
    keys.insert(0, key);
    keys
}

/// The column that a heading names, and how strongly.
fn column_of(keys: &[String]) -> Option<(PasteColumn, Strength)> {
    let strength = |names: &HeaderNames| keys.iter().find_map(|key| names.strength(key));
    NAMES.into_iter().find_map(|(column, names)| Some((column, strength(names)?)))
}

/// The column of whole names that a heading names.
fn whole_names(keys: &[String]) -> Option<ListColumn> {
    let is = |names: &HeaderNames| keys.iter().any(|key| names.strength(key).is_some());
    let is_subject = keys.iter().any(|key| SUBJECTS.contains(&key.as_str()));
    if is(&FAMILY_NAME_FIRST) {
        Some(ListColumn::Whole(Some(NameOrder::FamilyFirst)))
    } else {
        (is(&FULL_NAME) || is_subject).then_some(ListColumn::Whole(None))
    }
}

/// Finds the headings among the first rows. Returns their index and their columns.
pub(super) fn find(rows: &[Vec<String>]) -> Option<(usize, Vec<Option<ListColumn>>)> {
    let mut first = rows.iter().take(SEARCHED).enumerate();
    first.find_map(|(at, row)| Some((at, columns_of(row, &rows[at + 1..], at == 0)?)))
}

/// The columns that a row names; `None` if it is no row of headings. Below a title, it names two at least; above everything
/// one is enough that stands alone, or above whole names.
fn columns_of(row: &[String], below: &[Vec<String>], is_first: bool) -> Option<Vec<Option<ListColumn>>> {
    if row.iter().any(|cell| is_value(cell)) {
        return None;
    }
    let keys: Vec<Vec<String>> = row.iter().map(|heading| keys_of(heading)).collect();
    let found: Vec<Option<(PasteColumn, Strength)>> = keys.iter().map(|keys| column_of(keys)).collect();
    let mut columns: Vec<Option<ListColumn>> = vec![None; row.len()];
    for strength in Strength::ALL {
        for (at, named) in found.iter().enumerate() {
            if let Some((column, by)) = named
                && *by == strength
                && !columns.contains(&Some(ListColumn::Of(*column)))
            {
                columns[at] = Some(ListColumn::Of(*column));
            }
        }
    }
    let halves = [PasteColumn::FamilyName, PasteColumn::GivenName].map(ListColumn::Of);
    let missing: Vec<ListColumn> =
        halves.into_iter().filter(|half| !columns.contains(&Some(*half))).collect();
    let free = |at: &usize, columns: &[Option<ListColumn>]| columns[*at].is_none();
    match missing[..] {
        // Beside one half of a name, "Name" is the other.
        [missing] => {
            let is_name = |at: &usize| {
                free(at, &columns)
                    && keys[*at].first().is_some_and(|key| FULL_NAME.weak.contains(&key.as_str()))
            };
            if let Some(at) = (0..row.len()).find(is_name) {
                columns[at] = Some(missing);
            }
        }
        [_, _] => {
            let whole = (0..row.len()).filter(|at| free(at, &columns));
            let whole = whole.filter_map(|at| Some((at, whole_names(&keys[at])?)));
            // A name that says its order says more.
            let says_order = |column: &ListColumn| matches!(column, ListColumn::Whole(Some(_)));
            if let Some((at, column)) = whole.max_by_key(|(at, column)| (says_order(column), usize::MAX - at))
            {
                columns[at] = Some(column);
            }
        }
        _ => {}
    }
    let named = columns.iter().flatten().count();
    let filled = row.iter().filter(|heading| !heading.is_empty()).count();
    let whole = columns.iter().position(|column| matches!(column, Some(ListColumn::Whole(_))));
    let is_above_names = whole.is_some_and(|at| {
        let under_it = below.iter().filter_map(|row| row.get(at)).filter(|name| !name.is_empty());
        let (all, whole) = under_it.fold((0, 0), |(all, whole), name| {
            (all + 1, whole + usize::from(name.contains(',') || names::has_words(name)))
        });
        whole * 2 > all
    });
    let is_enough = named >= 2 || (is_first && named == 1 && (filled == 1 || is_above_names));
    is_enough.then_some(columns)
}

/// Whether a cell is a value, which no heading is.
fn is_value(cell: &str) -> bool {
    cell.contains('@') || (cell.len() > 2 && cell.bytes().all(|b| b.is_ascii_digit()))
}
