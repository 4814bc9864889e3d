//! Which column of a paste is which: by its headings, in any order and in the languages that imports know; without
//! headings by what the cells look like; and otherwise in the shown order.

use super::names::{self, NameOrder};
use super::read::{RawRows, ReadError, is_blank};
use super::{MOST_ROWS, PasteCells, PasteColumn, PastedRow, by_cells, headings};
use crate::imports::extras::no_record;
use crate::imports::names::header_key;

/// A column of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListColumn {
    /// One of the grid's.
    Of(PasteColumn),
    /// Whole names, in this order if that is known.
    Whole(Option<NameOrder>),
}

/// A paste whose columns are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArrangedPaste {
    /// Its rows, without the headings.
    pub rows: Vec<PastedRow>,
    /// Whether its headings were found.
    pub has_headings: bool,
    /// The headings of columns that are left out, and "column 6" for those without one.
    pub left_out: Vec<String>,
    /// How many rows are left out because they are about nobody: titles above the headings, totals, the headings again.
    pub skipped: usize,
}

/// Finds the columns of a paste, and puts its cells into them. `order` is what somebody said of whole names.
///
/// # Errors
/// If it has too many rows, or nothing says which part of its whole names comes first.
pub fn arrange(rows: &RawRows, order: Option<NameOrder>) -> Result<ArrangedPaste, ReadError> {
    let found = headings::find(rows);
    let above = found.as_ref().map_or(0, |(at, _)| *at);
    let heading: &[String] = found.as_ref().and_then(|(at, _)| rows.get(*at)).map_or(&[], Vec::as_slice);
    let has_headings = found.is_some();
    let body = rows[above + usize::from(has_headings)..].iter().filter(|row| !is_blank(row));
    let body: Vec<&Vec<String>> = body.collect();
    if body.len() > MOST_ROWS {
        return Err(ReadError::TooManyRows(body.len()));
    }
    let keys: Vec<String> = heading.iter().map(|name| header_key(name)).collect();
    let (body, about_nobody): (Vec<&Vec<String>>, Vec<&Vec<String>>) =
        body.into_iter().partition(|row| !is_about_nobody(&keys, row));
    let width = body.iter().map(|row| row.len()).max().unwrap_or(0).max(heading.len());
    let mut columns = match found {
        Some((_, columns)) => columns,
        None => by_cells::columns(&body, width),
    };
    columns.resize(width, None);
    let order = order_of(&body, &columns, order)?;
    let is_filled = |at: usize| body.iter().any(|row| row.get(at).is_some_and(|cell| !cell.is_empty()));
    let unknown = columns.iter().enumerate().filter(|(at, column)| column.is_none() && is_filled(*at));
    let name = |at: usize| {
        let heading = heading.get(at).filter(|heading| !heading.is_empty());
        heading.cloned().unwrap_or_else(|| format!("column {}", at + 1))
    };
    let left_out = unknown.map(|(at, _)| name(at)).collect();
    let titles = rows.iter().take(above).filter(|row| !is_blank(row)).count();
    let skipped = titles + about_nobody.len();
    let rows = body.iter().map(|row| of(row, &columns, order)).filter(|row| !row.is_empty()).collect();
    Ok(ArrangedPaste { rows, has_headings, left_out, skipped })
}

/// Whether a row has the headings of a list.
pub fn are_headings(row: &[String]) -> bool {
    headings::find(std::slice::from_ref(&row.to_vec())).is_some()
}

/// The most cells of a row that is a total, or a line about the print-out.
const FEW: usize = 3;

fn is_about_nobody(keys: &[String], row: &[String]) -> bool {
    let filled = row.iter().filter(|cell| !cell.is_empty()).count();
    (filled <= FEW || filled == keys.len()) && no_record(keys, row).is_some()
}

/// The order of whole names, as somebody said it or their heading does.
fn order_of(
    body: &[&Vec<String>],
    columns: &[Option<ListColumn>],
    said: Option<NameOrder>,
) -> Result<NameOrder, ReadError> {
    let whole = columns.iter().enumerate().find_map(|(at, column)| match column {
        Some(ListColumn::Whole(order)) => Some((at, *order)),
        _ => None,
    });
    let Some((at, by_heading)) = whole else { return Ok(NameOrder::GivenFirst) };
    if let Some(order) = said.or(by_heading) {
        return Ok(order);
    }
    let open = body.iter().filter_map(|row| row.get(at)).find(|name| names::is_open(name));
    open.map_or(Ok(NameOrder::GivenFirst), |example| Err(ReadError::NameOrder(example.clone())))
}

fn of(row: &[String], columns: &[Option<ListColumn>], order: NameOrder) -> PastedRow {
    let mut cells = PasteCells::default();
    for (cell, column) in row.iter().zip(columns) {
        match column {
            Some(ListColumn::Of(PasteColumn::Email)) => cells[PasteColumn::Email.at()] = address(cell),
            Some(ListColumn::Of(column)) => cells[column.at()].clone_from(cell),
            Some(ListColumn::Whole(_)) => {
                let (family, given) = names::parted(cell, order);
                cells[PasteColumn::FamilyName.at()] = family;
                cells[PasteColumn::GivenName.at()] = given;
            }
            None => {}
        }
    }
    PastedRow { cells, who: None }
}

/// An email address without what programs write around it: "mailto:", or a name and brackets.
fn address(cell: &str) -> String {
    let inner = cell.rsplit_once('<').and_then(|(_, after)| after.strip_suffix('>')).unwrap_or(cell);
    inner.strip_prefix("mailto:").unwrap_or(inner).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::read::{TextSource, text};
    use super::*;

    fn arranged(copied: &str) -> ArrangedPaste {
        arrange(&text(copied, TextSource::Clipboard).unwrap(), None).unwrap()
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
    fn titles_totals_and_headings_that_come_again_are_nobody() {
        let paste = arranged(
            "Class 10B\t\nSurname\tForename\nBerg\tAna\nSurname\tForename\nOlsen\tBo\nTotal: 2\t\nPage 1 of 1\t",
        );
        assert_eq!(paste.rows.len(), 2);
        assert!(paste.has_headings);
        assert_eq!(paste.skipped, 4);
    }

    #[test]
    fn whole_names_are_parted_or_asked_about() {
        for copied in [
            "Name\tEmail\tAdm No\nBerg, Ana\tana@school.example\t0042",
            "Student\tAdm No\tEmail\nBERG Ana\t0042\tana@school.example",
            "Berg, Ana\tana@school.example\t0042",
            "Surname, Forename\tAdm No\tEmail\nBerg Ana\t0042\tana@school.example",
        ] {
            let paste = arranged(copied);
            let cells: Vec<String> = paste.rows[0].cells.iter().map(|cell| cell.to_lowercase()).collect();
            assert_eq!(cells, ["berg", "ana", "ana@school.example", "", "0042"], "{copied}");
        }
        let copied = "Full name\tEmail\nLi Wei\tli@school.example\nBerg, Ana\t";
        let open = text(copied, TextSource::Clipboard).unwrap();
        assert_eq!(arrange(&open, None), Err(ReadError::NameOrder("Li Wei".to_owned())));
        for (order, family, given) in [
            (NameOrder::GivenFirst, "Wei", "Li"),
            (NameOrder::FamilyFirst, "Li", "Wei"),
            (NameOrder::FamilyOnly, "Li Wei", ""),
        ] {
            let rows = arrange(&open, Some(order)).unwrap().rows;
            assert_eq!(rows[0], PastedRow::of([family, given, "li@school.example", "", ""]));
        }
    }

    #[test]
    fn addresses_and_numbers_are_recognised_where_they_stand() {
        let paste = arranged("0042\tana@school.example\tBerg\tAna\n0043\tbo@school.example\tOlsen\tBo");
        assert_eq!(paste.rows[0], berg());
        let paste = arranged("Berg\tAna\t0042\nOlsen\tBo\t0043");
        assert_eq!(paste.rows[0], PastedRow::of(["Berg", "Ana", "", "", "0042"]));
    }

    #[test]
    fn classes_dates_and_counted_rows_are_no_names() {
        let paste = arranged("1\tBerg\t10B\tAna\t2011-04-03\n2\tOlsen\t10B\tBo\t2011-09-30");
        assert_eq!(paste.rows[0], PastedRow::of(["Berg", "Ana", "", "", ""]));
        assert_eq!(paste.left_out, ["column 1", "column 3", "column 5"]);
        let class = "Berg\tAna\ta@x.example\t10B\nOlsen\tBo\tb@x.example\t10B\nRay\tCy\tc@x.example\t10B";
        let paste = arranged(class);
        assert_eq!(paste.rows[2].cell(PasteColumn::Username), "");
        assert_eq!(paste.left_out, ["column 4"]);
        let tried = arranged("Student1\tTest1\ts1@x.example\nStudent2\tTest2\ts2@x.example");
        assert_eq!(tried.rows[0], PastedRow::of(["Student1", "Test1", "s1@x.example", "", ""]));
    }

    #[test]
    fn what_stands_beside_whole_names_is_no_given_name() {
        for copied in [
            "Name\tHouse\nBerg, Ana\tRed\nOlsen, Bo\tBlue",
            "Student\tHouse\nBERG Ana\tRed\nOLSEN Bo\tBlue",
            "Berg, Ana\tRed\nOlsen, Bo\tBlue",
        ] {
            let paste = arranged(copied);
            assert_eq!(paste.rows[1].cell(PasteColumn::GivenName), "Bo", "{copied}");
            assert_eq!((paste.rows.len(), paste.left_out.len()), (2, 1), "{copied}");
        }
    }

    #[test]
    fn a_person_whose_name_is_a_heading_is_a_person() {
        let paste = arranged("Name\tEmail\tx@school.example");
        assert_eq!(paste.rows, [PastedRow::of(["Name", "Email", "x@school.example", "", ""])]);
    }
}
