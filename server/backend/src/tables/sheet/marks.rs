//! What a sheet says about its rows and cells beyond their values: rows that are hidden, cells that are merged, formulas
//! without a value.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io::BufReader;

use calamine::CellErrorType;
use domain::imports::fault::TableFault;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::archive::Archive;
use super::super::limits;

/// A merged range, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Merged {
    pub(super) first_row: u32,
    pub(super) last_row: u32,
    /// The column that has its value.
    pub(super) column: usize,
    pub(super) last_column: usize,
}

/// The marks of a sheet. Rows and columns are numbered from 0.
#[derive(Debug, Default)]
pub(super) struct SheetMarks {
    pub(super) hidden: HashSet<u32>,
    /// Ranges, by their first cells.
    pub(super) merged: Vec<Merged>,
    /// The number of cells with a text that others can share.
    pub(super) shared: usize,
    /// Columns of formulas without a value, by row.
    pub(super) without_value: HashMap<u32, Vec<usize>>,
    /// Errors that the library does not know, in the order of the sheet.
    pub(super) odd_errors: VecDeque<OddError>,
}

/// A cell with an error that is not of the standard (ECMA-376 part 1, 18.18.11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OddError {
    /// The row and the column, from 0; `None` if the cell does not say where it is.
    pub(super) at: Option<(u32, usize)>,
    /// The error, such as `#SPILL!`.
    pub(super) text: String,
}

type Xml<R> = Reader<BufReader<R>>;

pub(super) fn xml<R: std::io::Read>(part: R) -> Xml<R> {
    let mut reader = Reader::from_reader(BufReader::new(part));
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.check_end_names = false;
    reader
}

pub(super) fn damaged<E>(_: E) -> TableFault {
    TableFault::Damaged
}

pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().with_checks(false).flatten().find(|found| {
        found.key.as_ref() == name
            || found.key.as_ref().rsplit_once(':').is_some_and(|(_, local)| local == name)
    });
    found.and_then(|found| quick_xml::escape::unescape(&found.value).ok().map(std::borrow::Cow::into_owned))
}

/// The part of the archive that has the sheet with this name (ECMA-376 part 1, 18.2.19, and part 2, 9.3).
fn part_of(archive: &mut Archive<'_>, name: &str) -> Result<Option<String>, TableFault> {
    let mut id = None;
    each(archive, "xl/workbook.xml", |element| {
        if element.local_name().as_ref() == "sheet" && attribute(element, "name").as_deref() == Some(name) {
            id = attribute(element, "id");
        }
    })?;
    let Some(id) = id else { return Ok(None) };
    let mut target = None;
    each(archive, "xl/_rels/workbook.xml.rels", |element| {
        if element.local_name().as_ref() == "Relationship" && attribute(element, "Id").as_deref() == Some(&id)
        {
            target = attribute(element, "Target");
        }
    })?;
    Ok(target.map(|target| match target.strip_prefix('/') {
        Some(whole) => whole.to_owned(),
        None => format!("xl/{target}"),
    }))
}

/// Reads the elements of a part.
fn each(
    archive: &mut Archive<'_>,
    part: &str,
    mut take: impl FnMut(&BytesStart<'_>),
) -> Result<(), TableFault> {
    let Some(part) = archive.reader(part)? else { return Ok(()) };
    let mut reader = xml(part);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(damaged)? {
            Event::Start(element) => take(&element),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Reads the marks of the sheet with this name.
pub(super) fn read(archive: &mut Archive<'_>, sheet: &str) -> Result<SheetMarks, TableFault> {
    let mut marks = SheetMarks::default();
    let Some(part) = part_of(archive, sheet)? else { return Ok(marks) };
    let Some(part) = archive.reader(&part)? else { return Ok(marks) };
    let mut reader = xml(part);
    let mut buffer = Vec::new();
    let (mut row, mut column) = (0u32, 0usize);
    let (mut is_formula, mut is_text, mut has_value, mut in_value) = (false, false, false, false);
    // A cell of errors, with its place; and whether its value begins here.
    let (mut error, mut begins) = (None, false);
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(damaged)?;
        if let (Event::Text(text), Some(at), true) = (&event, &error, std::mem::take(&mut begins))
            && text.parse::<CellErrorType>().is_err()
        {
            marks.odd_errors.push_back(OddError { at: *at, text: text.to_string() });
        }
        match event {
            Event::Start(element) => match element.local_name().as_ref() {
                "row" => {
                    if let Some(number) =
                        attribute(&element, "r").and_then(|number| number.parse::<u32>().ok())
                    {
                        row = number.saturating_sub(1);
                    }
                    column = 0;
                    if attribute(&element, "hidden").is_some_and(|hidden| hidden == "1" || hidden == "true")
                        && marks.hidden.len() < limits::ROWS
                    {
                        marks.hidden.insert(row);
                    }
                }
                "c" => {
                    let place = attribute(&element, "r").and_then(|at| position(&at));
                    if let Some((_, at)) = place {
                        column = at;
                    }
                    let kind = attribute(&element, "t").unwrap_or_default();
                    error = (kind == "e").then_some(place);
                    is_text = kind == "str";
                    marks.shared += usize::from(kind == "s");
                    (is_formula, has_value, in_value) = (false, false, false);
                }
                "f" => is_formula = true,
                "v" => {
                    (in_value, begins) = (true, true);
                    // The empty text of a formula is a value.
                    has_value |= is_text;
                }
                "mergeCell" => {
                    let range = attribute(&element, "ref").and_then(|range| {
                        let (first, last) = range.split_once(':')?;
                        Some((position(first)?, position(last)?))
                    });
                    if let Some(((first_row, column), (last_row, last_column))) = range
                        && marks.merged.len() < limits::ROWS
                    {
                        let last_column = last_column.min(limits::COLUMNS - 1);
                        marks.merged.push(Merged { first_row, last_row, column, last_column });
                    }
                }
                _ => {}
            },
            Event::Text(_) if in_value => has_value = true,
            Event::End(element) => match element.local_name().as_ref() {
                "v" => in_value = false,
                "c" => {
                    if is_formula && !has_value {
                        marks.without_value.entry(row).or_default().push(column);
                    }
                    is_formula = false;
                    column = column.saturating_add(1);
                }
                "row" => row = row.saturating_add(1),
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    marks.merged.sort_unstable_by_key(|merged| (merged.first_row, merged.column));
    Ok(marks)
}

/// The row and the column of a reference such as `B12`, from 0.
fn position(reference: &str) -> Option<(u32, usize)> {
    let reference = reference.trim_matches('$');
    let split = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = reference.split_at(split);
    let column = letters.trim_matches('$').bytes().try_fold(0usize, |column, b| {
        let letter = usize::from(b.to_ascii_uppercase().checked_sub(b'A')?);
        (letter < 26).then(|| column.saturating_mul(26).saturating_add(letter + 1))
    })?;
    Some((digits.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::position;

    #[test]
    fn references_are_read() {
        assert_eq!(position("A1"), Some((0, 0)));
        assert_eq!(position("AB12"), Some((11, 27)));
        assert_eq!((position("1"), position("A0"), position("?1")), (None, None, None));
    }
}
