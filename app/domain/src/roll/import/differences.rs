//! What a row would change on the roll.
//!
//! [`super::people`] compares the person's details. An empty cell clears the year group, registration group
//! or end date, because having none is a valid value; it leaves the start date unchanged.

use chrono::NaiveDate;

use super::fields::{END_DATE, REGISTRATION_GROUP, START_DATE, YEAR_GROUP};
use super::people::{PersonWrite, note_change, note_change_of_day};
use super::row::StudentRow;
use super::write::{CurrentStudent, EnrolmentDetails, EnrolmentWrite, StudentWrite};
use crate::imports::cells::{CellValue, end_before_start};
use crate::imports::note::{CHANGED, Note, Verdict};
use crate::imports::outcome::RowOutcome;

/// Returns what a row would do to the roll on `day`, when the file was uploaded.
pub(super) fn compare(
    row: &StudentRow,
    current: Option<&CurrentStudent>,
    day: NaiveDate,
) -> Verdict<StudentWrite> {
    let verdict = match current {
        Some(current) => change(row, current),
        None => add(row, day),
    };
    verdict.unwrap_or_else(Verdict::rejected)
}

fn add(row: &StudentRow, day: NaiveDate) -> Result<Verdict<StudentWrite>, Note> {
    let person = row.person.new_person()?;
    let ends_on = row.ends_on.value().copied();
    // Defaults to the day the file was uploaded, or to the last day of someone who left before it.
    let starts_on =
        row.starts_on.value().copied().unwrap_or_else(|| ends_on.filter(|end| *end < day).unwrap_or(day));
    let details =
        EnrolmentDetails { year: row.year.clearing(""), group: row.group.clearing(""), starts_on, ends_on };
    let admission_number = row.admission_number.as_str().to_owned();
    let write = StudentWrite { person, admission_number, enrolment: EnrolmentWrite::Begin(details) };
    Ok(Verdict {
        outcome: RowOutcome::Added,
        code: "new_student".into(),
        notes: Vec::new(),
        write: Some(write),
    })
}

fn change(row: &StudentRow, current: &CurrentStudent) -> Result<Verdict<StudentWrite>, Note> {
    let starts_on = row.starts_on.value().copied();
    let is_older = row.ends_on.value().is_some_and(|end| *end < current.starts_on)
        && starts_on.is_some_and(|start| start < current.starts_on);
    if is_older {
        let note = Note::new("older_enrolment").with("since", current.starts_on);
        return Ok(Verdict::told(RowOutcome::Skipped, note));
    }
    let mut notes = Vec::new();
    let details = row.person.details_after(&current.person, &mut notes)?;
    let enrolment = enrolment_after(row, current, &mut notes);
    let (email, phone) = row.person.contacts_after(&current.person, &mut notes)?;
    let begins = matches!(enrolment, EnrolmentWrite::Begin(_));
    if !begins && notes.iter().all(|note| note.code != CHANGED) {
        let code = "no_difference".into();
        return Ok(Verdict { outcome: RowOutcome::Unchanged, code, notes, write: None });
    }
    let code = if begins { "back_on_roll" } else { "details_changed" };
    let person = PersonWrite { existing: Some(current.person.person), details, email, phone };
    let admission_number = row.admission_number.as_str().to_owned();
    let write = StudentWrite { person, admission_number, enrolment };
    Ok(Verdict { outcome: RowOutcome::Updated, code: code.into(), notes, write: Some(write) })
}

/// Returns what happens to the enrolment, and notes its changes. A start after the old end begins a new
/// enrolment.
fn enrolment_after(row: &StudentRow, current: &CurrentStudent, notes: &mut Vec<Note>) -> EnrolmentWrite {
    let starts_on = row.starts_on.value().copied();
    let comes_back = starts_on.zip(current.ends_on).is_some_and(|(start, ended)| start > ended);
    let mut details = EnrolmentDetails {
        year: row.year.clearing(&current.year),
        group: row.group.clearing(&current.group),
        starts_on: starts_on.unwrap_or(current.starts_on),
        ends_on: match row.ends_on {
            CellValue::Nothing if !comes_back => current.ends_on,
            CellValue::Nothing | CellValue::Empty => None,
            CellValue::Value(end) => Some(end),
        },
    };
    // The file contradicts the roll: neither day is taken over.
    if let Some(end) = details.ends_on.filter(|end| *end < details.starts_on) {
        notes.push(end_before_start(&END_DATE, details.starts_on, end));
        (details.starts_on, details.ends_on) = (current.starts_on, current.ends_on);
    }
    let before = notes.len();
    if comes_back {
        notes.push(Note::new("back_on_roll").with("since", details.starts_on));
    } else {
        note_change_of_day(notes, &START_DATE, Some(current.starts_on), Some(details.starts_on));
        note_change_of_day(notes, &END_DATE, current.ends_on, details.ends_on);
    }
    note_change(notes, &YEAR_GROUP, &current.year, &details.year);
    note_change(notes, &REGISTRATION_GROUP, &current.group, &details.group);
    match (comes_back, notes.len() > before) {
        (true, _) => EnrolmentWrite::Begin(details),
        (false, true) => EnrolmentWrite::Change(current.enrolment, details),
        (false, false) => EnrolmentWrite::Keep,
    }
}

#[cfg(test)]
#[path = "differences_tests.rs"]
mod tests;
