//! Tests how staff are read, and what their rows would do.

use super::*;
use crate::ids::{EmploymentId, PersonId};
use crate::imports::cells::RowReader;
use crate::imports::dates::DateOrder;
use crate::imports::mapping::Mapping;
use crate::imports::views::RowLine;
use crate::roll::import::people::EditedFields;
use crate::roll::name::PersonName;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn grace() -> CurrentPerson {
    CurrentPerson {
        person: PersonId(Uuid::from_u128(1)),
        name: PersonName::new("Grace", "", "Hopper", "").unwrap(),
        born_on: Some(day("1990-12-09")),
        language: "en".to_owned(),
        email: Some("g.hopper@school.example".to_owned()),
        left_emails: Vec::new(),
        phone: None,
        edited: EditedFields::default(),
        outranks: false,
        account: None,
        may_readdress: true,
        own: false,
    }
}

fn employment() -> Employment {
    Employment { id: EmploymentId(Uuid::from_u128(2)), starts_on: day("2020-09-01"), ends_on: None }
}

/// What a row does, and its line in the log.
fn verdict(current: Option<&CurrentStaff>, said: &[(&str, &str)]) -> (Verdict<StaffWrite>, String) {
    let (headers, cells): (Vec<String>, Vec<String>) =
        said.iter().map(|(header, cell)| ((*header).to_owned(), (*cell).to_owned())).unzip();
    let mapping = Mapping::automatic(&STAFF, &headers, None);
    let reader = RowReader::new(&STAFF, &mapping, DateOrder::default(), day("2026-11-29"));
    let mut reading = reader.cells(&cells);
    let row = StaffImport::read(&mut reading);
    let verdict = match reading.finish(row) {
        Ok((row, _)) => StaffImport::differences(&row, current, Decided::on(day("2026-11-29"))),
        Err(mut problems) => Verdict::rejected(problems.remove(0)),
    };
    let line = RowLine {
        outcome: verdict.outcome,
        code: verdict.code.clone(),
        notes: verdict.notes.clone(),
        held: verdict.held.clone(),
    };
    let said = crate::imports::words::line(&STAFF, &line);
    (verdict, said)
}

const GRACE: [(&str, &str); 3] =
    [("Staff code", "HOP"), ("Name", "Hopper, Grace"), ("Email", "g.hopper@school.example")];

#[test]
fn somebody_new_is_employed_from_the_day_of_the_file() {
    let (verdict, said) = verdict(None, &GRACE);
    assert_eq!((verdict.outcome, said.as_str()), (RowOutcome::Added, "New member of staff."));
    let write = verdict.write.unwrap();
    assert_eq!(write.person.existing, None);
    assert_eq!(write.employment, EmploymentWrite::Begin { starts_on: day("2026-11-29"), ends_on: None });
}

#[test]
fn a_column_of_roles_is_no_field() {
    for header in ["Role", "Job role", "Permissions", "Staff type"] {
        assert_eq!((STAFF.usual(header), STAFF.hinted(header)), (None, None), "{header}");
    }
}

#[test]
fn the_same_facts_change_nothing_and_an_end_is_taken() {
    let current = CurrentStaff::Employed(grace(), "HOP".to_owned(), employment());
    assert_eq!(verdict(Some(&current), &GRACE).0.outcome, RowOutcome::Unchanged);
    let leaver = [GRACE.as_slice(), &[("Leaving date", "31/12/2026")]].concat();
    let (verdict, said) = verdict(Some(&current), &leaver);
    assert_eq!(said, "End date set to \u{201c}31 Dec 2026\u{201d}.");
    let EmploymentWrite::Change(after) = verdict.write.unwrap().employment else { panic!("{said}") };
    assert_eq!((after.ends_on, after.starts_on), (Some(day("2026-12-31")), day("2020-09-01")));
}

#[test]
fn somebody_known_is_linked_and_nothing_but_the_employment_is_written() {
    let (verdict, said) = verdict(Some(&CurrentStaff::Known(grace(), KnownAt::Here)), &GRACE);
    assert!(said.contains("Linked to Grace Hopper"), "{said}");
    let write = verdict.write.unwrap();
    assert_eq!(write.person.existing, Some(grace().person));
    assert_eq!((write.person.details, write.person.email, write.person.phone), (None, None, None));
}

#[test]
fn another_school_and_an_end_before_the_start_say_what_is_wrong() {
    let row = [GRACE.as_slice(), &[("School", "OTHER")]].concat();
    let (elsewhere, said) = verdict(Some(&CurrentStaff::OtherSchool), &row);
    assert_eq!(elsewhere.outcome, RowOutcome::Skipped);
    assert!(said.contains("OTHER"), "{said}");
    let current = CurrentStaff::Employed(grace(), "HOP".to_owned(), employment());
    let row = [GRACE.as_slice(), &[("Leaving date", "2019-08-31")]].concat();
    let (kept, said) = verdict(Some(&current), &row);
    assert_eq!((kept.outcome, kept.write), (RowOutcome::Unchanged, None));
    assert!(said.ends_with("Correct one of them. Left out: End date."), "{said}");
    assert_eq!(verdict(None, &[("Staff code", ""), ("Name", "A B")]).0.code, "staff_code_missing");
}
