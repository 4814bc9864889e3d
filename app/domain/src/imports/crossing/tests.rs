//! Files of which some columns were sorted, and what looks like that and is not.

use chrono::NaiveDate;
use uuid::Uuid;

use super::*;
use crate::ids::{EnrolmentId, PersonId};
use crate::imports::cells::RowReader;
use crate::imports::dates::DateOrder;
use crate::imports::held::{ChoiceKind, Choices, HeldChoice, HeldReason};
use crate::imports::mapping::Mapping;
use crate::imports::plan::{Planner, RowPlan};
use crate::imports::who::near_key;
use crate::imports::words;
use crate::roll::import::people::{CurrentPerson, EditedFields};
use crate::roll::import::write::{
    CurrentEnrolment, CurrentStudent, EnrolmentDetails, EnrolmentElsewhere, StudentWrite,
};
use crate::roll::import::{STUDENTS, StudentImport};
use crate::roll::name::PersonName;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Number, given name, family name and date of birth.
type Known<'a> = [&'a str; 4];

const ANN: Known<'_> = ["1", "Ann", "Pym", "2012-04-25"];
const BEN: Known<'_> = ["2", "Ben", "Quist", "2012-05-26"];
const CAT: Known<'_> = ["3", "Cat", "Rose", "2012-06-27"];

fn student([number, given, family, born]: Known<'_>) -> CurrentStudent {
    let id = Uuid::from_u128(number.parse().unwrap());
    CurrentStudent {
        person: CurrentPerson {
            person: PersonId(id),
            name: PersonName::new(given, "", family, "").unwrap(),
            born_on: born.parse().ok(),
            language: "en".to_owned(),
            email: None,
            left_emails: Vec::new(),
            phone: None,
            edited: EditedFields::default(),
            outranks: false,
            account: None,
            may_readdress: true,
            own: false,
        },
        enrolment: Some(CurrentEnrolment {
            id: EnrolmentId(id),
            number: number.to_owned(),
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

/// Plans a file, as often as it takes.
fn plan(known: &[CurrentStudent], csv: &str, choices: &Choices) -> Vec<RowPlan<StudentWrite>> {
    let mut lines = csv.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let headers = lines.next().unwrap();
    let today = day("2026-11-21");
    let mapping = Mapping::automatic(&STUDENTS, &headers, None);
    let reader = RowReader::new(&STUDENTS, &mapping, DateOrder::default(), today);
    let rows: Vec<Vec<String>> = lines.collect();
    let mut crossings = HashMap::new();
    loop {
        let planner = Planner::<StudentImport>::new(reader.clone(), today, choices.clone());
        let mut planner = planner.crossing(std::mem::take(&mut crossings));
        let mut plans = Vec::new();
        for (number, cells) in (2..).zip(&rows) {
            let read = planner.read(number, cells, &[]);
            planner.note(&read);
            let key = read.row().map(|row| StudentImport::key(row).to_owned()).unwrap();
            let name = read.row().map(|row| StudentImport::person_hash(row).0).unwrap();
            let has_key = |of: &&CurrentStudent| of.enrolment.as_ref().is_some_and(|of| of.number == key);
            let keyed = known.iter().find(has_key);
            let is_other = |of: &&CurrentStudent| {
                StudentImport::name_hash(of) == name
                    || of.enrolment.as_ref().is_some_and(|of| near_key(&of.number) == near_key(&key))
            };
            let others: Vec<CurrentStudent> = known.iter().filter(is_other).cloned().collect();
            plans.push(planner.plan(read, &Matches { keyed, others: &others }));
        }
        match planner.overlooked() {
            Some(found) => crossings = found,
            None => return plans,
        }
    }
}

fn planned(known: &[Known<'_>], csv: &str) -> Vec<RowPlan<StudentWrite>> {
    let known: Vec<CurrentStudent> = known.iter().copied().map(student).collect();
    plan(&known, csv, &Choices::default())
}

fn outcomes(known: &[Known<'_>], csv: &str) -> Vec<&'static str> {
    planned(known, csv).iter().map(|plan| plan.line.outcome.slug()).collect()
}

const WHOLE: &str = "Adm No,Forename,Surname,DOB\n";

#[test]
fn names_that_moved_to_other_numbers_are_held_back_although_the_dates_of_birth_stayed() {
    let file = format!("{WHOLE}1,Ben,Quist,2012-04-25\n2,Ann,Pym,2012-05-26\n");
    let plans = planned(&[ANN, BEN], &file);
    for (plan, other) in plans.iter().zip(["Ben Quist", "Ann Pym"]) {
        assert_eq!(plan.line.held.as_ref().map(|held| held.reason), Some(HeldReason::KeyOfAnother));
        let told = words::line(&STUDENTS, &plan.line);
        assert!(told.contains(&format!("That is the name of {other}, born")), "{told}");
    }
    // The other child need not be in the file.
    assert_eq!(outcomes(&[ANN, BEN], &format!("{WHOLE}1,Ben,Quist,2012-04-25\n")), ["held"]);
    // Only the given names, or only the family names.
    let given = format!("{WHOLE}1,Ben,Pym,2012-04-25\n2,Cat,Quist,2012-05-26\n3,Ann,Rose,2012-06-27\n");
    assert_eq!(outcomes(&[ANN, BEN, CAT], &given), ["held"; 3]);
    let family = format!("{WHOLE}1,Ann,Quist,2012-04-25\n2,Ben,Pym,2012-05-26\n3,Cat,Rose,2012-06-27\n");
    assert_eq!(outcomes(&[ANN, BEN, CAT], &family), ["held", "held", "unchanged"]);
    let told = words::line(&STUDENTS, &planned(&[ANN, BEN, CAT], &family)[0].line);
    assert!(told.contains("Its family name was that of row 3, which has another one now."), "{told}");
}

#[test]
fn dates_of_birth_that_moved_to_other_numbers_are_held_back_although_the_names_stayed() {
    let swapped = format!("{WHOLE}1,Ann,Pym,2012-05-26\n2,Ben,Quist,2012-04-25\n3,Cat,Rose,2012-06-27\n");
    assert_eq!(outcomes(&[ANN, BEN, CAT], &swapped), ["held", "held", "unchanged"]);
    let told = words::line(&STUDENTS, &planned(&[ANN, BEN, CAT], &swapped)[1].line);
    assert!(told.contains("Its date of birth was that of row 2, which has another one now."), "{told}");
    let moved = format!("{WHOLE}1,Ann,Pym,2012-05-26\n2,Ben,Quist,2012-06-27\n3,Cat,Rose,2012-04-25\n");
    assert_eq!(outcomes(&[ANN, BEN, CAT], &moved), ["held"; 3]);
    // The office can say that they are right.
    let known = [ANN, BEN, CAT].map(student);
    let mut choices = Choices::default();
    for (row, student) in (2..).zip(&known) {
        let choice = HeldChoice::about(ChoiceKind::ThisPerson, student.person.person);
        choices.add(row, HeldReason::KeyOfAnother, choice);
    }
    let decided = plan(&known, &moved, &choices);
    assert!(decided.iter().all(|plan| plan.line.outcome.slug() == "updated"));
}

#[test]
fn what_changes_in_one_row_alone_is_a_marriage_or_a_correction() {
    for (file, why) in [
        ("1,Ann,Smith,2012-04-25\n2,Ben,Quist,2012-05-26\n", "marriage"),
        ("1,Anne,Pym,2012-04-25\n2,Ben,Quist,2012-05-26\n", "spelling"),
        ("1,Zoe,Fir,2012-04-25\n2,Ben,Quist,2012-05-26\n", "another name altogether"),
        ("1,Ann,Quist,2012-04-25\n2,Ben,Quist,2012-05-26\n", "a family"),
        ("1,Ann,Quist,2012-04-25\n2,Ben,Smith,2012-05-26\n", "one takes the name that another gives up"),
        ("1,Ann,Pym,2012-05-26\n2,Ben,Quist,2012-05-26\n", "the date of birth of another child"),
        ("1,Ann,Pym,2012-05-26\n2,Ben,Quist,2012-05-01\n", "the same, which is corrected too"),
    ] {
        let outcomes = outcomes(&[ANN, BEN], &format!("{WHOLE}{file}"));
        assert!(!outcomes.contains(&"held"), "{why}: {outcomes:?}");
    }
    // Day and month in the wrong order, and days that began in another time zone.
    let known = [["1", "Ann", "Pym", "2012-04-05"], ["2", "Ben", "Quist", "2012-05-04"], CAT];
    let file = format!("{WHOLE}1,Ann,Pym,2012-05-04\n2,Ben,Quist,2012-04-05\n");
    assert_eq!(outcomes(&known, &file), ["updated"; 2]);
    let days = ["10", "11", "12", "13"].map(|day| format!("2012-04-{day}"));
    let known =
        [0, 1, 2].map(|at| [["1", "2", "3"][at], ["Ann", "Ben", "Cat"][at], "Pym", days[at].as_str()]);
    let file = format!("{WHOLE}1,Ann,Pym,{}\n2,Ben,Pym,{}\n3,Cat,Pym,{}\n", days[1], days[2], days[3]);
    assert_eq!(outcomes(&known, &file), ["updated"; 3]);
}

#[test]
fn a_number_whose_name_stands_in_another_row_is_held_back_without_dates_of_birth() {
    let known = [["1", "Ann", "Khan", ""]];
    for file in ["1,Ben,Khan\n3,Ann,Khan\n", "3,ANN,Khan\n1,Ben,Khan\n"] {
        let plans = planned(&known, &format!("Adm No,Forename,Surname\n{file}"));
        let held: Vec<_> = plans.iter().map(|plan| plan.line.held.as_ref().unwrap()).collect();
        for (plan, held) in plans.iter().zip(held) {
            let told = words::line(&STUDENTS, &plan.line);
            if plan.key.as_deref() == Some("1") {
                assert_eq!(held.reason, HeldReason::KeyOfAnother);
                assert!(told.contains("has the name of the person with this number."), "{told}");
            } else {
                assert_eq!(held.reason, HeldReason::OtherKey);
                assert!(told.contains("Ann Khan, number 1 has this name, but row"), "{told}");
            }
            assert_eq!(held.proposal(), None, "a name alone proposes nothing");
        }
    }
    // A sibling who takes the place of one who has left, and a namesake with a number of their own, are no reason.
    assert_eq!(outcomes(&known, "Adm No,Forename,Surname\n1,Anna,Khan\n"), ["updated"]);
    let known = [["1", "Ann", "Khan", ""], ["2", "Ann", "Khan", ""]];
    assert_eq!(
        outcomes(&known, "Adm No,Forename,Surname\n1,Anna,Khan\n2,Ann,Khan\n"),
        ["updated", "unchanged"]
    );
}

#[test]
fn a_number_at_another_school_is_the_same_without_its_zeros() {
    let mut ann = student(["4512", "Ann", "Pym", ""]);
    ann.enrolment = None;
    for (there, here, is_held) in [
        ("004512", "4512", true),
        ("4512", "004512", true),
        ("A-17", "a17", true),
        ("4513", "4512", false),
        ("", "4512", false),
    ] {
        ann.elsewhere = vec![EnrolmentElsewhere { school: "Oak".to_owned(), number: there.to_owned() }];
        let file = format!("Adm No,Forename,Surname\n{here},Ann,Pym\n");
        let plans = plan(std::slice::from_ref(&ann), &file, &Choices::default());
        let reason = plans[0].line.held.as_ref().map(|held| held.reason);
        assert_eq!(reason, is_held.then_some(HeldReason::OtherSchool), "{there} {here}");
    }
}
