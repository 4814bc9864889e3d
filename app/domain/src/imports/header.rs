//! Which of a file's first rows is the header.

use super::dates::{DateOrder, parse_date};
use super::kind::ImportDeclaration;

/// How many rows above the header may be titles.
pub const HEADER_SEARCH: usize = 10;

/// Finds the header among the first rows: the first row with two usual names, or else the first row. `None`
/// if that row has values instead of names, so that there is no header.
pub fn header_row(kind: &ImportDeclaration, rows: &[Vec<String>]) -> Option<usize> {
    let known = |row: &&Vec<String>| row.iter().filter(|cell| kind.usual(cell).is_some()).count();
    if let Some(at) = rows.iter().take(HEADER_SEARCH).position(|row| known(&row) >= 2) {
        return Some(at);
    }
    let first = rows.first()?;
    let is_value = |cell: &String| {
        cell.contains('@')
            || (cell.len() >= 3 && cell.bytes().all(|b| b.is_ascii_digit()))
            || parse_date(cell, DateOrder::DayFirst).is_ok()
    };
    (known(&first) > 0 || !first.iter().any(is_value)).then_some(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roll::import::STUDENTS;

    fn headers(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn titles_above_the_header_are_passed_over() {
        let rows = [
            headers(&["Student list 2026"]),
            headers(&["Adm No", "Forename", "x"]),
            headers(&["1", "Ada", ""]),
        ];
        assert_eq!(header_row(&STUDENTS, &rows), Some(1));
        assert_eq!(header_row(&STUDENTS, &[headers(&["004512", "Ada", "ada@school.example"])]), None);
        assert_eq!(header_row(&STUDENTS, &[headers(&["Kennung", "Vorname"])]), Some(0));
    }
}
