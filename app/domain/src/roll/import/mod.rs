//! Importing students: the kind's declaration, how it reads a row, and the wording of its notes.

mod differences;
mod earlier;
mod fields;
pub mod people;
mod row;
pub mod write;

pub(crate) use fields::ADMISSION_NUMBER_NAMES;
pub use fields::{ADMISSION_NUMBER, END_DATE, REGISTRATION_GROUP, START_DATE, YEAR_GROUP};
pub use row::StudentRow;

use self::write::{CurrentEnrolment, CurrentStudent, FreedNumber, StudentWrite};
use crate::authorization::policy::Permission;
use crate::imports::cells::Cells;
use crate::imports::crossing::FactChange;
use crate::imports::groups::ColumnGroups;
use crate::imports::held::ShownPerson;
use crate::imports::kind::{
    Decided, EarlierRows, FieldRequirement, HereToo, ImportDeclaration, ImportKind, NextStep, OneRoster,
    OneRosterColumn,
};
use crate::imports::note::{Note, Verdict};
use crate::imports::repeats::Period;
use crate::imports::who::{Identity, Resemblance, Whereabouts};
use crate::imports::words::{self, quote, short};
use crate::roll::enrolment::{AdmissionNumberError, GroupNameError};

/// The students of a school.
pub static STUDENTS: ImportDeclaration = ImportDeclaration {
    slug: "students",
    name: "Students",
    title: "Import students",
    lead: "Import the roll from your school\u{2019}s system. If you import the same file again, only the differences are applied.",
    one: "student",
    many: "students",
    permission: Permission::ImportRoll,
    fields: fields::FIELDS,
    key: ADMISSION_NUMBER.slug,
    ends: END_DATE.slug,
    needs: &[
        FieldRequirement {
            any_of: &[ADMISSION_NUMBER.slug],
            message: "Choose the column with the admission number. It identifies each student.",
        },
        people::NEEDS_NAME,
    ],
    expects: people::EXPECTS_NAMES,
    naming: people::NAMING,
    subjects: fields::SUBJECTS,
    pairs: people::PAIRS,
    hints: fields::HINTS,
    not_about: fields::NOT_THE_STUDENT,
    oneroster: OneRoster {
        roles: &["student"],
        columns: &[
            (ADMISSION_NUMBER.slug, OneRosterColumn::Identifier),
            (people::GIVEN_NAME.slug, OneRosterColumn::GivenName),
            (people::MIDDLE_NAME.slug, OneRosterColumn::MiddleName),
            (people::FAMILY_NAME.slug, OneRosterColumn::FamilyName),
            (people::PREFERRED_NAME.slug, OneRosterColumn::PreferredName),
            (people::DATE_OF_BIRTH.slug, OneRosterColumn::BirthDate),
            (people::EMAIL.slug, OneRosterColumn::Email),
            (people::PHONE.slug, OneRosterColumn::Phone),
            (YEAR_GROUP.slug, OneRosterColumn::Grade),
            (REGISTRATION_GROUP.slug, OneRosterColumn::HomeClass),
            (START_DATE.slug, OneRosterColumn::Starts),
            (END_DATE.slug, OneRosterColumn::Ends),
            (people::STUDENT_OR_NOT.slug, OneRosterColumn::Role),
            (people::STATUS.slug, OneRosterColumn::Status),
        ],
    },
    groups: ColumnGroups::NONE,
    here_too: HereToo { button: "enrol here too", sentence: "they are enrolled here too" },
    next: NextStep {
        permission: Permission::ManageAccounts,
        href: "/accounts/new",
        label: "New",
        icon: "plus",
        for_one: "Choose New to create an account.",
        for_many: "Choose New to create accounts.",
    },
    words,
};

/// Reads and compares students.
#[derive(Debug, Clone, Copy)]
pub struct StudentImport;

impl ImportKind for StudentImport {
    const DECLARATION: &'static ImportDeclaration = &STUDENTS;
    type Row = StudentRow;
    type Current = CurrentStudent;
    type Write = StudentWrite;

    fn read(cells: &mut Cells<'_>) -> Option<StudentRow> {
        row::read(cells)
    }

    fn key(row: &StudentRow) -> &str {
        row.admission_number.as_str()
    }

    fn identity(current: &CurrentStudent) -> Option<Identity<'_>> {
        let at = match (&current.enrolment, current.elsewhere.as_slice()) {
            (Some(_), _) => Whereabouts::Here,
            (None, [_, ..]) => Whereabouts::Elsewhere,
            (None, []) => Whereabouts::Nowhere,
        };
        Some(Identity {
            person: current.person.person,
            key: current.enrolment.as_ref().map(|enrolment| enrolment.number.as_str()),
            at,
            last_day: current.enrolment.as_ref().and_then(|enrolment| enrolment.details.ends_on),
            keys_elsewhere: current.elsewhere.iter().map(|other| other.number.as_str()).collect(),
            may_take: current.may_take,
            is_told: true,
            is_of_school: false,
        })
    }

    fn person_hash(row: &StudentRow) -> (u64, Option<u64>) {
        (row.person.name_hash(), row.person.birth_hash())
    }

    fn name_hash(current: &CurrentStudent) -> u64 {
        people::name_hash(&current.person.name)
    }

    fn changes(row: &StudentRow, current: &CurrentStudent) -> Vec<FactChange> {
        row.person.changes(&current.person)
    }

    fn resemblance(row: &StudentRow, current: &CurrentStudent) -> Resemblance {
        Resemblance {
            name: row.person.name_match(&current.person.name),
            second: row.person.birth_match(current.person.born_on),
        }
    }

    fn shown(current: &CurrentStudent) -> ShownPerson {
        let (number, school) = match (&current.enrolment, current.elsewhere.first()) {
            (Some(enrolment), _) => (enrolment.number.as_str(), ""),
            (None, Some(other)) => (other.number.as_str(), other.school.as_str()),
            (None, None) => ("", ""),
        };
        let last_day = current.enrolment.as_ref().and_then(|enrolment| enrolment.details.ends_on);
        ShownPerson { ends_on: last_day, ..current.person.shown(number, school) }
    }

    fn shown_in_file(row: &StudentRow) -> ShownPerson {
        row.person.shown(row.admission_number.as_str())
    }

    fn differences(
        row: &StudentRow,
        current: Option<&CurrentStudent>,
        decided: Decided,
    ) -> Verdict<StudentWrite> {
        differences::compare(row, current, decided)
    }

    fn same_key(first: u32) -> Note {
        Note::new("same_admission_number").with("row", first)
    }

    fn period(row: &StudentRow) -> Period {
        Period { starts_on: row.starts_on.value().copied(), ends_on: row.ends_on.value().copied() }
    }

    fn rows_resemble(one: &StudentRow, other: &StudentRow) -> Resemblance {
        let second = one.person.birth_match(other.person.born_on.value().copied());
        one.person.resembles_row(&other.person, second)
    }

    fn with_period(row: &StudentRow, shown: ShownPerson) -> ShownPerson {
        let groups = [&row.year, &row.group].into_iter().filter_map(|group| group.value());
        ShownPerson {
            starts_on: row.starts_on.value().copied(),
            ends_on: row.ends_on.value().copied(),
            groups: groups.map(AsRef::as_ref).collect::<Vec<&str>>().join(", "),
            ..shown
        }
    }

    fn behind(
        newest: &StudentRow,
        current: &CurrentStudent,
        earlier: &[&StudentRow],
    ) -> Option<CurrentStudent> {
        earlier::behind(newest, current, earlier)
    }

    fn earlier(of: &EarlierRows<'_, Self>, newest: &mut Verdict<StudentWrite>) -> Vec<Verdict<StudentWrite>> {
        earlier::plan(of, newest)
    }

    fn free_key(write: &mut StudentWrite, holder: &CurrentStudent, former: String) {
        write.frees = holder.enrolment.as_ref().map(|enrolment| FreedNumber {
            person: holder.person.person,
            enrolment: CurrentEnrolment { number: former, ..enrolment.clone() },
        });
    }
}

fn words(note: &Note) -> Option<String> {
    let day = |name: &str| note.day(name).map(short).unwrap_or_default();
    Some(match note.code.as_ref() {
        "admission_number_missing" => AdmissionNumberError::Missing.to_string(),
        "admission_number_too_long" => AdmissionNumberError::TooLong.to_string(),
        "year_group" => format!("Year group {}: {GroupNameError}", quote(note.get("value"))),
        "registration_group" => format!("Registration group {}: {GroupNameError}", quote(note.get("value"))),
        "older_enrolment" => {
            format!(
                "This row is about an earlier enrolment. The roll has a later one, from {}. Nothing to do.",
                day("since")
            )
        }
        earlier::ADDED => format!(
            "An earlier enrolment, {}: part of the history. Row {} has the latest one.",
            words::period(note),
            note.get("row")
        ),
        earlier::CHANGED => format!(
            "An earlier enrolment, {}, which the history has with other details. Row {} has the latest one.",
            words::period(note),
            note.get("row")
        ),
        earlier::KNOWN => format!(
            "The history has this earlier enrolment, {}. Row {} has the latest one.",
            words::period(note),
            note.get("row")
        ),
        earlier::ENDED_BY_NEXT => {
            "The row has no end date, so it ends on the day before the next one starts.".to_owned()
        }
        "back_on_roll" => format!("Back on roll from {}.", day("since")),
        "same_admission_number" => format!(
            "Row {} has the same admission number but different details. Keep one of the two rows, or correct the number.",
            note.get("row")
        ),
        _ => return people::words(note),
    })
}

#[cfg(test)]
mod cells_tests;

#[cfg(test)]
#[path = "row_tests.rs"]
mod row_tests;
