//! Which student a row is about.

use chrono::NaiveDate;

use super::fields as of;
use super::names::{self, ReadName};
use super::row::FamilyRow;
use crate::imports::cells::{CellValue, Cells, MADE_A_DATE, ROUNDED};
use crate::imports::made_date::is_made_a_date;
use crate::imports::value;
use crate::roll::address::EmailAddress;

/// The numbers in a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ChildNumbers {
    /// The cell as one number.
    pub whole: String,
    /// The cell as several numbers; one if it has no separators.
    pub parts: Vec<String>,
}

/// What else a row says of the child.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ChildFacts {
    /// The email address, for comparison.
    pub email: Option<String>,
    /// The name.
    pub name: Option<ReadName>,
    /// The date of birth.
    pub born_on: Option<NaiveDate>,
}

/// Reads only which student a row is about.
pub(super) fn read_children_alone(cells: &mut Cells<'_>) -> Option<FamilyRow> {
    let children = read_children(cells)?;
    let child = read_child(cells);
    Some(FamilyRow {
        children,
        child,
        adults: Vec::new(),
        ends: false,
        is_gone: false,
        account_of_student: None,
    })
}

/// The email address of the person that a row is about, for comparison.
pub(super) fn own_email(cells: &mut Cells<'_>) -> Option<String> {
    cells.untidy::<EmailAddress>(&of::EMAIL).value().map(EmailAddress::comparable)
}

/// Reads the numbers of children; `None` if one cannot be read.
pub(super) fn read_children(cells: &mut Cells<'_>) -> Option<ChildNumbers> {
    let CellValue::Value(text) = cells.text(&of::CHILD) else { return Some(ChildNumbers::default()) };
    if value::is_no_code(&text) {
        return Some(ChildNumbers::default());
    }
    let mut read = |part: &str| match value::code(part) {
        Err(_) => {
            cells.reject(&of::CHILD, part, ROUNDED);
            None
        }
        Ok(_) if is_made_a_date(part) => {
            cells.reject(&of::CHILD, part, MADE_A_DATE);
            None
        }
        Ok(code) => Some(code.into_owned()),
    };
    let pieces = text.split([',', ';', '\n', '|']).map(str::trim).filter(|part| !part.is_empty());
    let pieces: Vec<&str> = pieces.collect();
    let parts: Option<Vec<String>> = pieces.iter().map(|part| read(part)).collect();
    let mut parts = parts?;
    parts.dedup();
    parts.shrink_to_fit();
    let whole = if pieces.len() == 1 { parts.first().cloned()? } else { read(&text)? };
    Some(ChildNumbers { whole, parts })
}

pub(super) fn read_child(cells: &mut Cells<'_>) -> ChildFacts {
    let email = match cells.untidy::<EmailAddress>(&of::CHILD_EMAIL) {
        CellValue::Value(email) => Some(email.comparable()),
        CellValue::Nothing | CellValue::Empty => None,
    };
    let mut said = |field| cells.name(field).value().map_or_else(String::new, ToString::to_string);
    let (given, family, full) = (said(&of::CHILD_GIVEN), said(&of::CHILD_FAMILY), said(&of::CHILD_NAME));
    let name = names::read(&given, &family, &full, false);
    let name = Some(name).filter(|name| !name.given.is_empty() || !name.family.is_empty());
    let born_on = cells.date(&of::CHILD_BORN).value().copied();
    ChildFacts { email, name, born_on }
}
