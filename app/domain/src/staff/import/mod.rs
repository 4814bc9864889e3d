//! Importing staff: names, email, staff code, school and dates. Roles are given by a person, never by a file,
//! so there is no field for them.
//!
//! A staff code that is new to the school is a new person, unless exactly one person in the organisation has
//! the same name and email address and was never enrolled as a student. Then the row is about that person, as
//! the log says, and only their employment is written.

mod fields;
mod write;

use std::borrow::Cow;

use chrono::NaiveDate;

pub use fields::{END_DATE, SCHOOL, STAFF_CODE, START_DATE};
pub use write::{CurrentStaff, Employment, EmploymentWrite, StaffWrite};

use super::code::{StaffCode, StaffCodeError};
use crate::authorization::policy::Permission;
use crate::imports::cells::{CellError, CellValue, Cells, end_before_start};
use crate::imports::kind::{
    FieldRequirement, ImportDeclaration, ImportKind, NextStep, OneRoster, OneRosterColumn,
};
use crate::imports::note::{CHANGED, Note, Verdict};
use crate::imports::outcome::RowOutcome;
use crate::imports::words::quote;
use crate::roll::import::people::{
    self, CurrentPerson, EMAIL, FAMILY_NAME, FAMILY_NAME_FIRST, FULL_NAME, GIVEN_NAME, ImportedPerson,
    MIDDLE_NAME, NAME_PREFIX, PHONE, PREFERRED_NAME, PersonWrite, SECOND_FAMILY_NAME, STAFF_OR_NOT, STATUS,
    note_change_of_day,
};

/// The staff of a school.
pub static STAFF: ImportDeclaration = ImportDeclaration {
    slug: "staff",
    name: "Staff",
    title: "Import staff",
    lead: "Import the people who work at your school. An import never gives anyone a role or an account.",
    one: "member of staff",
    many: "members of staff",
    permission: Permission::ImportRoll,
    fields: &[
        STAFF_CODE,
        GIVEN_NAME,
        MIDDLE_NAME,
        FAMILY_NAME,
        PREFERRED_NAME,
        NAME_PREFIX,
        SECOND_FAMILY_NAME,
        FULL_NAME,
        FAMILY_NAME_FIRST,
        EMAIL,
        PHONE.also(&["workphone"]),
        SCHOOL,
        START_DATE,
        END_DATE,
        STAFF_OR_NOT,
        STATUS,
    ],
    key: STAFF_CODE.slug,
    ends: END_DATE.slug,
    needs: &[
        FieldRequirement {
            any_of: &[STAFF_CODE.slug],
            message: "Choose the column with the staff code. It identifies each member of staff. If the file has no codes, \
                      choose the column with the usernames or email addresses.",
        },
        people::NEEDS_NAME,
    ],
    naming: people::NAMING,
    subjects: &["staff", "teacher", "teachers", "employee", "lehrer"],
    pairs: people::PAIRS,
    hints: &[
        ("email", EMAIL.slug),
        ("preferred", PREFERRED_NAME.slug),
        ("knownas", PREFERRED_NAME.slug),
        ("middle", MIDDLE_NAME.slug),
        ("forename", GIVEN_NAME.slug),
        ("firstname", GIVEN_NAME.slug),
        ("surname", FAMILY_NAME.slug),
        ("lastname", FAMILY_NAME.slug),
        ("mobile", PHONE.slug),
        ("phone", PHONE.slug),
        ("staffcode", STAFF_CODE.slug),
        ("payroll", STAFF_CODE.slug),
        ("school", SCHOOL.slug),
    ],
    not_about: &[people::OTHERS, &["student", "pupil", "role"]],
    oneroster: OneRoster {
        // The vocabulary of version 1.2, and the values from version 1.1.
        roles: &[
            "teacher",
            "aide",
            "proctor",
            "counselor",
            "principal",
            "administrator",
            "siteadministrator",
            "districtadministrator",
            "systemadministrator",
        ],
        columns: &[
            (STAFF_CODE.slug, OneRosterColumn::Identifier),
            (GIVEN_NAME.slug, OneRosterColumn::GivenName),
            (MIDDLE_NAME.slug, OneRosterColumn::MiddleName),
            (FAMILY_NAME.slug, OneRosterColumn::FamilyName),
            (PREFERRED_NAME.slug, OneRosterColumn::PreferredName),
            (EMAIL.slug, OneRosterColumn::Email),
            (PHONE.slug, OneRosterColumn::Phone),
            (STAFF_OR_NOT.slug, OneRosterColumn::Role),
            (STATUS.slug, OneRosterColumn::Status),
        ],
    },
    next: NextStep {
        permission: Permission::ViewRoll,
        href: "/staff",
        label: "See staff",
        icon: "users",
        for_one: "An administrator can now give them a role.",
        for_many: "An administrator can now give them roles.",
    },
    words,
};

/// A staff member in a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImportedStaff {
    /// Identifies the staff member.
    pub code: StaffCode,
    /// The person.
    pub person: ImportedPerson,
    /// The school the row is about.
    pub school: CellValue<String>,
    /// The first day.
    pub starts_on: CellValue<NaiveDate>,
    /// The last day.
    pub ends_on: CellValue<NaiveDate>,
}

impl CellError for StaffCodeError {
    fn why(&self) -> &'static str {
        match self {
            Self::Missing => "staff_code_missing",
            Self::TooLong => "staff_code_too_long",
        }
    }
}

/// Reads and compares staff.
#[derive(Debug, Clone, Copy)]
pub struct StaffImport;

impl ImportKind for StaffImport {
    const DECLARATION: &'static ImportDeclaration = &STAFF;
    type Row = ImportedStaff;
    type Current = CurrentStaff;
    type Write = StaffWrite;

    fn read(cells: &mut Cells<'_>) -> Option<ImportedStaff> {
        let code = cells.key(&STAFF_CODE);
        let person = people::read(cells);
        let school = cells.text(&SCHOOL).map(Cow::into_owned);
        let (starts_on, ends_on) = cells.period(&START_DATE, &END_DATE);
        Some(ImportedStaff { code: code?, person: person?, school, starts_on, ends_on })
    }

    fn key(row: &ImportedStaff) -> &str {
        row.code.as_str()
    }

    fn differences(
        row: &ImportedStaff,
        current: Option<&CurrentStaff>,
        day: NaiveDate,
    ) -> Verdict<StaffWrite> {
        let verdict = match current {
            None => row.person.new_person().map(|person| add(row, person, Vec::new(), day)),
            Some(CurrentStaff::Employed(person, employment)) => change(row, person, *employment),
            Some(CurrentStaff::OtherCode(code)) => Err(Note::new("other_staff_code").with("code", code)),
            Some(CurrentStaff::Known(person)) => {
                let write =
                    PersonWrite { existing: Some(person.person), details: None, email: None, phone: None };
                Ok(add(row, write, vec![Note::new("known_person").with("name", person.name.full())], day))
            }
            Some(CurrentStaff::OtherSchool) => {
                let school = row.school.value().map_or("", String::as_str);
                Ok(Verdict::told(RowOutcome::Skipped, Note::new("other_school").quoting(school)))
            }
        };
        verdict.unwrap_or_else(Verdict::rejected)
    }

    fn same_key(first: u32) -> Note {
        Note::new("same_staff_code").with("row", first)
    }
}

fn add(row: &ImportedStaff, person: PersonWrite, notes: Vec<Note>, day: NaiveDate) -> Verdict<StaffWrite> {
    let ends_on = row.ends_on.value().copied();
    // Defaults to the day the file was uploaded, or to the last day of someone who left before it.
    let starts_on =
        row.starts_on.value().copied().unwrap_or_else(|| ends_on.filter(|end| *end < day).unwrap_or(day));
    let code = row.code.as_str().to_owned();
    let write = StaffWrite { person, code, employment: EmploymentWrite::Begin { starts_on, ends_on } };
    Verdict { outcome: RowOutcome::Added, code: "new_staff".into(), notes, write: Some(write) }
}

fn change(
    row: &ImportedStaff,
    person: &CurrentPerson,
    employment: Employment,
) -> Result<Verdict<StaffWrite>, Note> {
    let mut notes = Vec::new();
    let details = row.person.details_after(person, &mut notes)?;
    let mut after = Employment {
        id: employment.id,
        starts_on: row.starts_on.value().copied().unwrap_or(employment.starts_on),
        // An empty cell means that there is no last day.
        ends_on: match row.ends_on {
            CellValue::Nothing => employment.ends_on,
            CellValue::Empty => None,
            CellValue::Value(end) => Some(end),
        },
    };
    if let Some(end) = after.ends_on.filter(|end| *end < after.starts_on) {
        notes.push(end_before_start(&END_DATE, after.starts_on, end));
        after = employment;
    }
    note_change_of_day(&mut notes, &START_DATE, Some(employment.starts_on), Some(after.starts_on));
    note_change_of_day(&mut notes, &END_DATE, employment.ends_on, after.ends_on);
    let (email, phone) = row.person.contacts_after(person, &mut notes)?;
    if notes.iter().all(|note| note.code != CHANGED) {
        let code = "no_difference".into();
        return Ok(Verdict { outcome: RowOutcome::Unchanged, code, notes, write: None });
    }
    let person = PersonWrite { existing: Some(person.person), details, email, phone };
    let employment = if after == employment { EmploymentWrite::Keep } else { EmploymentWrite::Change(after) };
    let write = StaffWrite { person, code: row.code.as_str().to_owned(), employment };
    Ok(Verdict { outcome: RowOutcome::Updated, code: "details_changed".into(), notes, write: Some(write) })
}

fn words(note: &Note) -> Option<String> {
    Some(match note.code.as_ref() {
        "staff_code_missing" => StaffCodeError::Missing.to_string(),
        "staff_code_too_long" => StaffCodeError::TooLong.to_string(),
        "same_staff_code" => format!(
            "Row {} has the same staff code but different details. Keep one of the two rows, or correct the code.",
            note.get("row")
        ),
        "other_staff_code" => format!(
            "Someone at this school with the same name and email address has the staff code {}. Correct the code or the email address.",
            quote(note.get("code"))
        ),
        "known_person" => {
            format!("Linked to {}, who is already in Greencap with this email address.", note.get("name"))
        }
        "other_school" => {
            format!("This row is for another school, {}. Nothing to do.", quote(note.get("value")))
        }
        _ => return people::words(note),
    })
}

#[cfg(test)]
mod tests;
