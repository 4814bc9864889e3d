//! What a row would change on the roll.
//!
//! [`super::people`] compares the person's details. An empty cell clears the year group, registration group
//! or end date, because having none is a valid value; it leaves the start date unchanged.

use chrono::NaiveDate;

use super::StudentImport;
use super::fields::{ADMISSION_NUMBER, END_DATE, REGISTRATION_GROUP, START_DATE, YEAR_GROUP};
use super::people::{PersonWrite, note_change, note_change_of_day};
use super::row::StudentRow;
use super::write::{CurrentEnrolment, CurrentStudent, EnrolmentDetails, EnrolmentWrite, StudentWrite};
use crate::imports::cells::{CellValue, end_before_start};
use crate::imports::held::{HeldChoice, HeldReason, HeldRow};
use crate::imports::kind::{Decided, ImportKind as _};
use crate::imports::note::{CHANGED, Note, Verdict};
use crate::imports::outcome::RowOutcome;

/// Returns what a row would do to the roll.
pub(super) fn compare(
    row: &StudentRow,
    current: Option<&CurrentStudent>,
    decided: Decided,
) -> Verdict<StudentWrite> {
    let verdict = match current.map(|current| (current, &current.enrolment)) {
        Some((current, Some(enrolment))) => change(row, current, enrolment, decided),
        Some((current, None)) => link(row, current, decided),
        None => row.person.new_person().map(|person| add(row, person, Vec::new(), decided.day)),
    };
    verdict.unwrap_or_else(Verdict::rejected)
}

fn add(row: &StudentRow, person: PersonWrite, notes: Vec<Note>, day: NaiveDate) -> Verdict<StudentWrite> {
    let ends_on = row.ends_on.value().copied();
    // Defaults to the day the file was uploaded, or to the last day of someone who left before it.
    let starts_on =
        row.starts_on.value().copied().unwrap_or_else(|| ends_on.filter(|end| *end < day).unwrap_or(day));
    let details =
        EnrolmentDetails { year: row.year.clearing(""), group: row.group.clearing(""), starts_on, ends_on };
    let admission_number = row.admission_number.as_str().to_owned();
    let enrolment = EnrolmentWrite::Begin(details);
    let write = StudentWrite { person, admission_number, enrolment, earlier: Vec::new(), frees: None };
    let code = "new_student".into();
    Verdict { outcome: RowOutcome::Added, code, notes, write: Some(write), held: None }
}

/// Enrols someone who is known, at another school or at none: one person, with the same account.
fn link(row: &StudentRow, current: &CurrentStudent, decided: Decided) -> Result<Verdict<StudentWrite>, Note> {
    let school = current.elsewhere.first().map_or("", |other| other.school.as_str());
    let known = Note::new("linked_person").with("name", current.person.name.full()).with("school", school);
    let mut notes = vec![known];
    // Their number stands in what they are found by, so their details are always written.
    let details = row.person.details_after(&current.person, &mut notes)?;
    let details = details.or_else(|| Some(current.person.details()));
    let contacts = row.person.contacts_after(&current.person, decided.address, &mut notes)?;
    let held = contacts.held.map(|choices| address_held(choices, row, current));
    let existing = Some(current.person.person);
    let person = PersonWrite { existing, details, email: contacts.email, phone: contacts.phone };
    Ok(Verdict { code: "linked_student".into(), held, ..add(row, person, notes, decided.day) })
}

fn change(
    row: &StudentRow,
    current: &CurrentStudent,
    enrolment: &CurrentEnrolment,
    decided: Decided,
) -> Result<Verdict<StudentWrite>, Note> {
    let since = enrolment.details.starts_on;
    let starts_on = row.starts_on.value().copied();
    let is_older =
        row.ends_on.value().is_some_and(|end| *end < since) && starts_on.is_some_and(|start| start < since);
    if is_older {
        let note = Note::new("older_enrolment").with("since", since);
        return Ok(Verdict::told(RowOutcome::Skipped, note));
    }
    let mut notes = Vec::new();
    let said = row.admission_number.as_str();
    let renumbers = decided.renumber && said != enrolment.number;
    if renumbers {
        notes.push(Note::changed(&ADMISSION_NUMBER, &enrolment.number, said));
    } else if said != enrolment.number {
        notes.push(Note::new("near_key_known").with("key", said).with("known", &enrolment.number));
    }
    let mut details = row.person.details_after(&current.person, &mut notes)?;
    if renumbers {
        details = details.or_else(|| Some(current.person.details()));
    }
    let after = enrolment_after(row, enrolment, &mut notes);
    let after = match after {
        EnrolmentWrite::Keep if renumbers => EnrolmentWrite::Change(enrolment.id, enrolment.details.clone()),
        after => after,
    };
    let contacts = row.person.contacts_after(&current.person, decided.address, &mut notes)?;
    let held = contacts.held.map(|choices| address_held(choices, row, current));
    let begins = matches!(after, EnrolmentWrite::Begin(_));
    if !begins && notes.iter().all(|note| note.code != CHANGED) {
        return Ok(Verdict::unchanged(notes, held));
    }
    let code = if begins { "back_on_roll" } else { "details_changed" };
    let existing = Some(current.person.person);
    let person = PersonWrite { existing, details, email: contacts.email, phone: contacts.phone };
    let admission_number = if renumbers { said } else { &enrolment.number }.to_owned();
    let write = StudentWrite { person, admission_number, enrolment: after, earlier: Vec::new(), frees: None };
    Ok(Verdict { outcome: RowOutcome::Updated, code: code.into(), notes, write: Some(write), held })
}

/// Changes nothing about somebody who is at the school.
pub(super) fn add_nothing(current: &CurrentStudent) -> Option<StudentWrite> {
    let existing = Some(current.person.person);
    let person = PersonWrite { existing, details: None, email: None, phone: None };
    let admission_number = current.enrolment.as_ref()?.number.clone();
    let enrolment = EnrolmentWrite::Keep;
    Some(StudentWrite { person, admission_number, enrolment, earlier: Vec::new(), frees: None })
}

fn address_held(choices: Vec<HeldChoice>, row: &StudentRow, current: &CurrentStudent) -> Box<HeldRow> {
    let people = vec![StudentImport::shown(current)];
    Box::new(HeldRow::new(HeldReason::Address, StudentImport::shown_in_file(row), people, choices))
}

/// Returns what happens to the enrolment, and notes its changes. A start after the old end begins a new
/// enrolment.
fn enrolment_after(row: &StudentRow, enrolment: &CurrentEnrolment, notes: &mut Vec<Note>) -> EnrolmentWrite {
    let current = &enrolment.details;
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
        (false, true) => EnrolmentWrite::Change(enrolment.id, details),
        (false, false) => EnrolmentWrite::Keep,
    }
}

#[cfg(test)]
#[path = "differences_tests.rs"]
mod tests;
