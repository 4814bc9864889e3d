//! Tests what a row does to the roll, case by case.

use super::*;
use crate::ids::{EnrolmentId, PersonId};
use crate::imports::cells::RowReader;
use crate::imports::dates::DateOrder;
use crate::imports::kind::ImportKind;
use crate::imports::mapping::Mapping;
use crate::imports::views::RowLine;
use crate::imports::words;
use crate::roll::import::people::{CurrentPerson, EditedFields};
use crate::roll::import::{STUDENTS, StudentImport};
use crate::roll::name::PersonName;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn ada() -> CurrentStudent {
    CurrentStudent {
        person: CurrentPerson {
            person: PersonId(Uuid::from_u128(1)),
            name: PersonName::new("Ada", "King", "Lovelace", "").unwrap(),
            born_on: Some(day("2012-12-10")),
            language: "en".to_owned(),
            email: Some("ada@school.example".to_owned()),
            left_emails: Vec::new(),
            phone: None,
            edited: EditedFields::default(),
            outranks: false,
            account: None,
            may_readdress: true,
            own: false,
        },
        enrolment: Some(CurrentEnrolment {
            id: EnrolmentId(Uuid::from_u128(2)),
            number: "1".to_owned(),
            details: EnrolmentDetails {
                year: "9".to_owned(),
                group: "9B".to_owned(),
                starts_on: day("2023-09-01"),
                ends_on: None,
            },
        }),
        earlier: Vec::new(),
        elsewhere: Vec::new(),
        may_take: true,
    }
}

fn verdict(current: Option<&CurrentStudent>, said: &[(&str, &str)]) -> Verdict<StudentWrite> {
    let (mut headers, mut cells) = (vec!["Adm No".to_owned()], vec!["1".to_owned()]);
    for (header, cell) in said {
        headers.push((*header).to_owned());
        cells.push((*cell).to_owned());
    }
    let today = day("2026-11-21");
    let mapping = Mapping::automatic(&STUDENTS, &headers, None);
    let reader = RowReader::new(&STUDENTS, &mapping, DateOrder::default(), today);
    let mut reading = reader.cells(&cells);
    let row = StudentImport::read(&mut reading);
    let (row, notes) = reading.finish(row).unwrap();
    let mut verdict = compare(&row, current, Decided::on(today));
    verdict.notes.extend(notes);
    verdict
}

fn message(verdict: &Verdict<StudentWrite>) -> String {
    let line = RowLine {
        outcome: verdict.outcome,
        code: verdict.code.clone(),
        notes: verdict.notes.clone(),
        held: verdict.held.clone(),
    };
    words::line(&STUDENTS, &line)
}

/// A student with changes to the person's details.
fn with(change: impl FnOnce(&mut CurrentPerson)) -> CurrentStudent {
    let mut current = ada();
    change(&mut current.person);
    current
}

#[test]
fn the_same_facts_change_nothing() {
    let same = [
        ("Forename", "Ada"),
        ("Middle name", "King"),
        ("Surname", "Lovelace"),
        ("Preferred name", "Ada"),
        ("DOB", "10/12/2012"),
        ("Year", "9"),
        ("Reg", "9B"),
        ("Email", "ada@School.example"),
        ("Phone", ""),
        ("Start date", "01/09/2023"),
        ("End date", ""),
        ("Language", "English"),
    ];
    let verdict = verdict(Some(&ada()), &same);
    assert_eq!((verdict.outcome, &verdict.write), (RowOutcome::Unchanged, &None), "{}", message(&verdict));
}

#[test]
fn an_empty_cell_clears_groups_and_middle_names_and_spares_what_the_office_found_out() {
    let verdict = verdict(
        Some(&ada()),
        &[
            ("Forename", "Ada"),
            ("Middle name", ""),
            ("Year", ""),
            ("DOB", ""),
            ("Email", ""),
            ("Language", ""),
        ],
    );
    assert_eq!(
        message(&verdict),
        "Middle name cleared, was \u{201c}King\u{201d}; Year group cleared, was \u{201c}9\u{201d}."
    );
    let write = verdict.write.unwrap();
    let person = write.person.details.unwrap();
    assert_eq!((person.name.middle(), person.born_on), ("", Some(day("2012-12-10"))));
    assert_eq!(write.person.email, None);
}

#[test]
fn fields_that_the_file_has_not_stay() {
    let write = verdict(Some(&ada()), &[("Surname", "Byron")]).write.unwrap();
    let name = write.person.details.unwrap().name;
    assert_eq!((name.given(), name.middle(), name.family()), ("Ada", "King", "Byron"));
    assert_eq!(write.enrolment, EnrolmentWrite::Keep);
}

#[test]
fn a_start_after_the_old_end_begins_a_new_enrolment() {
    let mut left = ada();
    left.enrolment.as_mut().unwrap().details.ends_on = Some(day("2025-07-18"));
    let verdict = verdict(Some(&left), &[("Forename", "Ada"), ("Start date", "2026-09-01"), ("Year", "12")]);
    assert_eq!((verdict.outcome, verdict.code.as_ref()), (RowOutcome::Updated, "back_on_roll"));
    let told = message(&verdict);
    let EnrolmentWrite::Begin(begun) = verdict.write.unwrap().enrolment else { panic!("{told}") };
    assert_eq!((begun.starts_on, begun.ends_on, begun.group.as_str()), (day("2026-09-01"), None, "9B"));
}

#[test]
fn an_address_that_its_owner_left_does_not_come_back_and_another_one_does() {
    let left = with(|person| person.left_emails = vec!["old@home.example".to_owned()]);
    let old = verdict(Some(&left), &[("Forename", "Ada"), ("Email", "Old@home.example")]);
    assert_eq!(old.outcome, RowOutcome::Unchanged);
    assert!(message(&old).contains("the account owner changed it"), "{}", message(&old));
    let new = verdict(Some(&left), &[("Forename", "Ada"), ("Email", "new@home.example")]);
    assert_eq!(new.write.unwrap().person.email.unwrap().as_str(), "new@home.example");
}

#[test]
fn where_messages_to_someone_with_more_rights_go_is_not_said_by_a_file() {
    let head = with(|person| person.outranks = true);
    for cell in [("Email", "mine@home.example"), ("Phone", "+44 7700 900123")] {
        let verdict = verdict(Some(&head), &[("Forename", "Ada"), cell]);
        assert_eq!((verdict.outcome, verdict.code.as_ref()), (RowOutcome::Rejected, "beyond_own_rights"));
        assert_eq!(verdict.write, None);
    }
    assert_eq!(verdict(Some(&head), &[("Forename", "Ada"), ("Year", "12")]).outcome, RowOutcome::Updated);
}

#[test]
fn nobody_goes_round_the_confirmation_of_their_own_address_by_a_file() {
    let own = with(|person| person.own = true);
    let refused = verdict(Some(&own), &[("Forename", "Ada"), ("Email", "mine@home.example")]);
    assert_eq!(
        (refused.outcome, refused.code.as_ref(), &refused.write),
        (RowOutcome::Rejected, "own_email", &None)
    );
    for fine in [("Email", "ada@school.example"), ("Phone", "+44 7700 900123")] {
        assert_ne!(verdict(Some(&own), &[("Forename", "Ada"), fine]).outcome, RowOutcome::Rejected);
    }
}

#[test]
fn a_row_about_an_earlier_time_is_skipped() {
    let verdict = verdict(
        Some(&ada()),
        &[("Forename", "Ada"), ("Start date", "2019-09-01"), ("End date", "2023-07-21")],
    );
    assert_eq!((verdict.outcome, verdict.code.as_ref()), (RowOutcome::Skipped, "older_enrolment"));
}

#[test]
fn an_end_before_the_start_on_the_roll_is_left_out_and_the_rest_is_taken() {
    let verdict = verdict(Some(&ada()), &[("Forename", "Ada"), ("End date", "2022-07-21"), ("Year", "10")]);
    assert_eq!(
        message(&verdict),
        "Year group changed from \u{201c}9\u{201d} to \u{201c}10\u{201d}. The end date, 21 Jul 2022, is before the start date, 1 Sep 2023. Correct one of them. Left out: End date."
    );
    let EnrolmentWrite::Change(_, details) = verdict.write.unwrap().enrolment else {
        panic!("the year changes")
    };
    assert_eq!((details.starts_on, details.ends_on), (day("2023-09-01"), None));
}

#[test]
fn a_new_student_without_a_start_date_starts_on_the_day_of_the_file() {
    let write = verdict(None, &[("Forename", "Ada")]).write.unwrap();
    let EnrolmentWrite::Begin(begun) = write.enrolment else { panic!("a new student is enrolled") };
    assert_eq!(begun.starts_on, day("2026-11-21"));
    let left = verdict(None, &[("Forename", "Ada"), ("End date", "2024-07-19")]).write.unwrap();
    let EnrolmentWrite::Begin(begun) = left.enrolment else { panic!("a new student is enrolled") };
    assert_eq!(begun.starts_on, day("2024-07-19"));
}
