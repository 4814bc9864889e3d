//! The earlier enrolments of students whose latest one is in another row of the file: they become history.

use chrono::NaiveDate;

use super::StudentRow;
use super::differences::add_nothing;
use super::fields::{END_DATE, REGISTRATION_GROUP, START_DATE, YEAR_GROUP};
use super::people::{note_change, note_change_of_day};
use super::write::{
    CurrentEnrolment, CurrentStudent, EarlierEnrolment, EnrolmentDetails, EnrolmentWrite, StudentWrite,
};
use crate::imports::kind::EarlierRows;
use crate::imports::note::{Note, Verdict};
use crate::imports::outcome::RowOutcome;
use crate::imports::plan::ANOTHER_COUNTS;

/// The code of a row that becomes part of the history.
pub(super) const ADDED: &str = "earlier_enrolment";
/// The same, where the history has it with other details.
pub(super) const CHANGED: &str = "earlier_enrolment_changed";
/// The same, where nothing changes.
pub(super) const KNOWN: &str = "earlier_enrolment_known";
/// The code of a note that an earlier enrolment without a last day ends before the next one.
pub(super) const ENDED_BY_NEXT: &str = "ended_by_next";

/// The first day of a row's enrolment, as far as the row says it. Someone who has left was at least there on their
/// last day.
fn first_day(row: &StudentRow) -> Option<NaiveDate> {
    row.starts_on.value().or(row.ends_on.value()).copied()
}

/// The record with its enrolment ended, if that is an earlier one of the file: the newest is another one then.
pub(super) fn behind(
    newest: &StudentRow,
    current: &CurrentStudent,
    earlier: &[&StudentRow],
) -> Option<CurrentStudent> {
    let stored = current.enrolment.as_ref()?;
    let since = stored.details.starts_on;
    let begins = newest.starts_on.value().copied().filter(|start| *start > since)?;
    earlier.iter().find(|row| first_day(row) == Some(since))?;
    let ends_on = stored.details.ends_on.filter(|end| *end < begins).or(begins.pred_opt());
    let details = EnrolmentDetails { ends_on, ..stored.details.clone() };
    let enrolment = Some(CurrentEnrolment { details, ..stored.clone() });
    Some(CurrentStudent { enrolment, ..current.clone() })
}

/// What the earlier rows about a student do.
pub(super) fn plan(
    of: &EarlierRows<'_, super::StudentImport>,
    newest: &mut Verdict<StudentWrite>,
) -> Vec<Verdict<StudentWrite>> {
    let written = newest.write.as_ref().map(|write| &write.enrolment);
    let mut history: Vec<&CurrentEnrolment> =
        of.current.map(|current| current.earlier.iter().collect()).unwrap_or_default();
    let stored = of.current.and_then(|current| current.enrolment.as_ref());
    let since = match written {
        Some(EnrolmentWrite::Begin(details)) => {
            // The stored one is earlier now.
            history.extend(stored);
            Some(details.starts_on)
        }
        Some(EnrolmentWrite::Change(_, details)) => Some(details.starts_on),
        Some(EnrolmentWrite::Keep) | None => stored.map(|stored| stored.details.starts_on),
    };
    let starts: Vec<Option<NaiveDate>> = of.rows.iter().map(|row| first_day(row)).collect();
    let next_start =
        |start: NaiveDate| starts.iter().copied().chain([since]).flatten().filter(|of| *of > start).min();
    let mut planned = Vec::new();
    let mut writes = Vec::new();
    for (row, start) in of.rows.iter().zip(&starts) {
        let Some(start) = start.filter(|start| Some(*start) != since) else {
            planned
                .push(Verdict::told(RowOutcome::Skipped, Note::new(ANOTHER_COUNTS).with("row", of.number)));
            continue;
        };
        let open = row.ends_on.value().is_none();
        let ends_on = row.ends_on.value().copied().or_else(|| next_start(start)?.pred_opt());
        let said = |year: &str, group: &str| EnrolmentDetails {
            year: row.year.clearing(year),
            group: row.group.clearing(group),
            starts_on: start,
            ends_on,
        };
        let after = |known: &CurrentEnrolment| said(&known.details.year, &known.details.group);
        let exact = history.iter().position(|known| after(known) == known.details);
        let found = exact.or_else(|| history.iter().position(|known| known.details.starts_on == start));
        let known = found.map(|at| history.remove(at));
        let number = known.map_or(row.admission_number.as_str(), |known| &known.number);
        let details = known.map_or_else(|| said("", ""), after);
        let (mut verdict, write) = one(known, details, of.number);
        if open && verdict.outcome == RowOutcome::History && ends_on.is_some() {
            verdict.notes.push(Note::new(ENDED_BY_NEXT));
        }
        writes.extend(write.map(|enrolment| EarlierEnrolment { number: number.to_owned(), enrolment }));
        planned.push(verdict);
    }
    attach(of.current, writes, newest, &mut planned);
    planned
}

/// What one earlier enrolment does, given the one that the history has.
fn one(
    known: Option<&CurrentEnrolment>,
    details: EnrolmentDetails,
    newest: u32,
) -> (Verdict<StudentWrite>, Option<EnrolmentWrite>) {
    let told = |outcome, code| {
        let note = Note::new(code).with("row", newest).with("start", details.starts_on);
        let end = details.ends_on.map(|end| end.to_string()).unwrap_or_default();
        Verdict::told(outcome, note.with("end", end))
    };
    let Some(known) = known else {
        return (told(RowOutcome::History, ADDED), Some(EnrolmentWrite::Begin(details)));
    };
    if known.details == details {
        return (told(RowOutcome::Unchanged, KNOWN), None);
    }
    let mut verdict = told(RowOutcome::History, CHANGED);
    let was = &known.details;
    note_change_of_day(&mut verdict.notes, &START_DATE, Some(was.starts_on), Some(details.starts_on));
    note_change_of_day(&mut verdict.notes, &END_DATE, was.ends_on, details.ends_on);
    note_change(&mut verdict.notes, &YEAR_GROUP, &was.year, &details.year);
    note_change(&mut verdict.notes, &REGISTRATION_GROUP, &was.group, &details.group);
    (verdict, Some(EnrolmentWrite::Change(known.id, details)))
}

/// Adds what is written to the newest row, or to the first that becomes history if the newest writes nothing.
fn attach(
    current: Option<&CurrentStudent>,
    earlier: Vec<EarlierEnrolment>,
    newest: &mut Verdict<StudentWrite>,
    planned: &mut [Verdict<StudentWrite>],
) {
    if earlier.is_empty() {
        return;
    }
    if let Some(write) = &mut newest.write {
        write.earlier = earlier;
        return;
    }
    let first = planned.iter_mut().find(|verdict| verdict.outcome == RowOutcome::History);
    let nothing = current.and_then(add_nothing);
    if let Some((first, nothing)) = first.zip(nothing) {
        first.write = Some(StudentWrite { earlier, ..nothing });
    }
}
