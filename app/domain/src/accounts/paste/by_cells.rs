//! The columns of a list without headings, by what its cells look like.

use std::collections::HashSet;

use super::PasteColumn;
use super::arrange::ListColumn;
use super::names;

/// The rows of a list.
type ListRows<'r> = [&'r Vec<String>];

/// An address and a number are recognised wherever they stand; what is neither a name nor a username has no place; the
/// others are in the shown order.
pub(super) fn columns(rows: &ListRows<'_>, width: usize) -> Vec<Option<ListColumn>> {
    let email = (0..width).find(|at| mostly(rows, *at, |cell| cell.contains('@')));
    let numbers: Vec<usize> = (0..width).filter(|at| mostly(rows, *at, is_number)).collect();
    let is_shown = email.is_none_or(|at| at == 2) && numbers.iter().all(|at| *at == 4);
    let number = numbers.iter().copied().find(|at| is_shown || !counts_rows(rows, *at));
    let mut columns: Vec<Option<PasteColumn>> = vec![None; width];
    for (at, column) in [(email, PasteColumn::Email), (number, PasteColumn::AdmissionNumber)] {
        if let Some(at) = at {
            columns[at] = Some(column);
        }
    }
    let taken = columns.clone();
    let mut rest = PasteColumn::ALL.into_iter().filter(|column| !taken.contains(&Some(*column))).peekable();
    for (at, column) in columns.iter_mut().enumerate().filter(|(_, column)| column.is_none()) {
        if is_shown {
            *column = PasteColumn::ALL.get(at).copied().filter(|column| has_place(rows, at, *column));
        } else if is_filled(rows, at) && !numbers.contains(&at) {
            *column = rest.next_if(|column| has_place(rows, at, *column));
        }
    }
    let whole = whole_names(rows, &columns);
    if whole.is_some() {
        // What stands where given names would be is something else.
        columns
            .iter_mut()
            .filter(|column| **column == Some(PasteColumn::GivenName))
            .for_each(|of| *of = None);
    }
    let of = |(at, column): (usize, Option<PasteColumn>)| {
        if whole == Some(at) { Some(ListColumn::Whole(None)) } else { column.map(ListColumn::Of) }
    };
    columns.into_iter().enumerate().map(of).collect()
}

/// Whether a list has text in a column.
fn is_filled(rows: &ListRows<'_>, at: usize) -> bool {
    rows.iter().any(|row| row.get(at).is_some_and(|cell| !cell.is_empty()))
}

/// Whether most cells of a column are something, of those that are not empty.
fn mostly(rows: &ListRows<'_>, at: usize, is: impl Fn(&str) -> bool) -> bool {
    let cells = rows.iter().filter_map(|row| row.get(at)).filter(|cell| !cell.is_empty());
    let (all, alike) = cells.fold((0, 0), |(all, alike), cell| (all + 1, alike + usize::from(is(cell))));
    alike * 2 > all
}

fn is_number(cell: &str) -> bool {
    cell.bytes().all(|b| b.is_ascii_digit())
}

/// "2014-09-01", "1.9.2014".
fn is_date(cell: &str) -> bool {
    let parts: Vec<&str> = cell.split(['/', '-', '.']).collect();
    parts.len() == 3 && parts.iter().all(|part| !part.is_empty() && is_number(part))
}

/// "10B", "7", "Y9": no name of a person. "Ana 2" may be one.
fn is_code(cell: &str) -> bool {
    cell.starts_with(|c: char| c.is_ascii_digit())
        || (cell.len() <= 3 && cell.bytes().any(|b| b.is_ascii_digit()))
}

/// Whether the cells of a column can be what this column has: "10B" is no name, and what many people have alike is no
/// username.
fn has_place(rows: &ListRows<'_>, at: usize, column: PasteColumn) -> bool {
    match column {
        _ if mostly(rows, at, is_date) => false,
        PasteColumn::FamilyName | PasteColumn::GivenName => !mostly(rows, at, is_code),
        PasteColumn::Username => {
            let cells = || rows.iter().filter_map(|row| row.get(at)).filter(|cell| !cell.is_empty());
            let different: HashSet<&String> = cells().collect();
            different.len() * 2 >= cells().count()
        }
        PasteColumn::Email | PasteColumn::AdmissionNumber => true,
    }
}

/// Whether a column has the numbers of the rows: 1, 2, 3.
fn counts_rows(rows: &ListRows<'_>, at: usize) -> bool {
    let numbers = rows.iter().map(|row| row.get(at).and_then(|cell| cell.parse::<usize>().ok()));
    rows.len() > 1 && numbers.enumerate().all(|(row, number)| number == Some(row + 1))
}

/// The column of family names, if they are whole names: most of them have a comma, or several words while no column has
/// given names.
fn whole_names(rows: &ListRows<'_>, columns: &[Option<PasteColumn>]) -> Option<usize> {
    let place = |of: PasteColumn| columns.iter().position(|column| *column == Some(of));
    let family = place(PasteColumn::FamilyName)?;
    let has_given = place(PasteColumn::GivenName).is_some_and(|at| is_filled(rows, at));
    let is_whole = |cell: &str| cell.contains(',') || (!has_given && names::has_words(cell));
    mostly(rows, family, is_whole).then_some(family)
}
