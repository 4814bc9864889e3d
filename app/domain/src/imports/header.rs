//! Which of a file's first rows is the header.

use super::dates::{DateOrder, parse_date};
use super::kind::ImportDeclaration;
use crate::fold::line;

/// How many rows are searched for the header: titles, addresses and the filters of a report stand above it.
pub const HEADER_SEARCH: usize = 50;

/// How sure it is that a row is the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HeaderEvidence {
    /// It is the first row of a table, and has no values.
    Position,
    /// It has one usual name.
    OneName,
    /// It has several usual names.
    Names,
}

/// A header among the first rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeaderFound {
    /// Its index among the rows that were searched.
    pub at: usize,
    /// How sure it is.
    pub by: HeaderEvidence,
}

/// The name of a column as it is kept and shown: one line, although a cell may have several.
pub fn column_name(cell: &str) -> String {
    line(cell)
}

/// Finds the header among the first rows that are not empty. The row with the most usual names and the fewest values
/// is taken, so that titles such as "Year: 2026" and "Class: 7A" above it are none. Without two usual names in any row,
/// the first row that is as wide as the rows below it is the header, unless it has values. `None` if no row can be.
pub fn find_header(kind: &ImportDeclaration, rows: &[Vec<String>]) -> Option<HeaderFound> {
    let rows = &rows[..rows.len().min(HEADER_SEARCH)];
    let looks: Vec<RowLooks> = rows.iter().map(|row| RowLooks::of(kind, row)).collect();
    let named = looks.iter().enumerate().filter(|(_, row)| row.names >= 2 && row.points() > 0);
    // Of several, the first: the others are the header again.
    if let Some((at, _)) = named.rev().max_by_key(|(_, row)| row.points()) {
        return Some(HeaderFound { at, by: HeaderEvidence::Names });
    }
    let mut widths: Vec<usize> = looks.iter().map(|row| row.filled).collect();
    widths.sort_unstable();
    let usual_width = widths.get(widths.len() / 2).copied().unwrap_or(0);
    let is_wide = |row: &RowLooks| row.filled * 3 >= usual_width * 2;
    let (at, row) = looks.iter().enumerate().find(|(_, row)| is_wide(row))?;
    match (row.names, row.values) {
        (1.., _) => Some(HeaderFound { at, by: HeaderEvidence::OneName }),
        (0, 0) => Some(HeaderFound { at, by: HeaderEvidence::Position }),
        _ => None,
    }
}

/// What a row's cells look like.
#[derive(Debug, Clone, Copy)]
struct RowLooks {
    /// Different fields whose usual names it has.
    names: usize,
    /// Cells that are values, not names.
    values: usize,
    /// Cells that are not empty.
    filled: usize,
}

impl RowLooks {
    fn of(kind: &ImportDeclaration, row: &[String]) -> Self {
        let filled = || row.iter().filter(|cell| !cell.trim().is_empty());
        let mut fields: Vec<&str> =
            filled().filter_map(|cell| kind.usual(cell)).map(|field| field.slug).collect();
        fields.sort_unstable();
        fields.dedup();
        Self {
            names: fields.len(),
            values: filled().filter(|cell| is_value(cell)).count(),
            filled: filled().count(),
        }
    }

    /// More for a header than for a title.
    fn points(self) -> usize {
        (2 * self.names).saturating_sub(self.values)
    }
}

fn is_value(cell: &str) -> bool {
    let cell = cell.trim();
    let has_digit = cell.bytes().any(|b| b.is_ascii_digit());
    cell.contains('@')
        || (has_digit
            && !cell.chars().any(char::is_alphabetic)
            && (cell.len() >= 3 || cell.parse::<u8>().is_ok()))
        || parse_date(cell, DateOrder::DayFirst).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roll::import::STUDENTS;

    fn find(rows: &[&str]) -> Option<(usize, HeaderEvidence)> {
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.split('|').map(str::to_owned).collect()).collect();
        find_header(&STUDENTS, &rows).map(|found| (found.at, found.by))
    }

    #[test]
    fn titles_above_the_header_are_passed_over() {
        use HeaderEvidence::{Names, OneName, Position};
        for (rows, found) in [
            (&["Student list 2026", "Adm No|Forename|x", "1|Ada|"][..], Some((1, Names))),
            (&["Sukunimi|Luokka", "A|B"], Some((0, Position))),
            (&["Adm No|Etunimi|Luokka", "1001|Ada|7A"], Some((0, OneName))),
            // Two known words in a title.
            (&["Year|2026|Form|7A", "Adm No|Forename|Surname", "1|Ada|Lee"], Some((1, Names))),
            (
                &["Quillmere School", "Form|Year", "Adm No|Forename|Surname|Form|Year", "1|A|L|7A|7"],
                Some((2, Names)),
            ),
            // The header again, in the middle.
            (&["Adm No|Forename", "1|Ada", "Adm No|Forename", "2|Ben"], Some((0, Names))),
            // A title over unknown names.
            (&["Luokan lista", "Tunnus|Etunimi|Luokka", "A1|Ada|7A", "A2|Ben|7A"], Some((1, Position))),
        ] {
            assert_eq!(find(rows), found, "{rows:?}");
        }
        let mut titles = vec!["Quillmere School"; 12];
        titles.extend(["Adm No|Forename", "1|Ada"]);
        assert_eq!(find(&titles), Some((12, Names)));
    }

    #[test]
    fn values_are_no_header() {
        assert_eq!(find(&["004512|Ada|ada@school.example"]), None);
        assert_eq!(find(&["1|Ada|Lee", "2|Ben|Pym"]), None);
        assert_eq!(find(&["Students of 2026", "1001|Ada|Lee", "1002|Ben|Pym"]), None);
    }
}
