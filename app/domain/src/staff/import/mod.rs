//! Importing staff: names, email, staff code, school and dates. Roles are given by a person, never by this file,
//! so there is no field for them.
//!
//! A staff code that is new to the school is a new person, unless somebody in the organisation has the same name and
//! email address and was never enrolled as a student. Who has a role at the school already is that person, as the log
//! says. Anybody else is a question, for those who may know of them. Only the employment is written.

mod fields;
mod write;

use std::borrow::Cow;

use chrono::NaiveDate;

pub use fields::{END_DATE, SCHOOL, STAFF_CODE, START_DATE};
pub use write::{CurrentStaff, Employment, EmploymentWrite, FreedCode, KnownAt, StaffWrite};

use super::code::{StaffCode, StaffCodeError};
use crate::authorization::policy::Permission;
use crate::imports::cells::{CellError, CellValue, Cells, end_before_start};
use crate::imports::crossing::FactChange;
use crate::imports::groups::ColumnGroups;
use crate::imports::held::{HeldReason, HeldRow, ShownPerson};
use crate::imports::kind::{
    Decided, EarlierRows, FieldRequirement, HereToo, ImportDeclaration, ImportKind, NextStep, OneRoster,
    OneRosterColumn,
};
use crate::imports::note::{CHANGED, Note, Verdict};
use crate::imports::outcome::RowOutcome;
use crate::imports::repeats::Period;
use crate::imports::who::{Agreement, Identity, NameMatch, Resemblance, Whereabouts};
use crate::imports::words::{self, quote};
use crate::roll::import::people::{
    self, ALSO_STATUS, CurrentPerson, EMAIL, FAMILY_NAME, FAMILY_NAME_FIRST, FULL_NAME, GIVEN_NAME,
    ImportedPerson, MIDDLE_NAME, NAME_PREFIX, PHONE, PREFERRED_NAME, PersonWrite, SECOND_FAMILY_NAME,
    STAFF_OR_NOT, STATUS, note_change_of_day,
};

/// The staff of a school.
pub static STAFF: ImportDeclaration = ImportDeclaration {
    slug: "staff",
    name: "Staff",
    title: "Import staff",
    lead: "Import the people who work at your school. An import of staff never gives anyone a role or an account.",
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
        EMAIL.also(people::WORK_EMAIL),
        PHONE.also(&["workphone"]),
        SCHOOL,
        START_DATE,
        END_DATE,
        STAFF_OR_NOT,
        STATUS,
        ALSO_STATUS,
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
    expects: people::EXPECTS_NAMES,
    naming: people::NAMING,
    subjects: &["staff", "teacher", "teachers", "employee", "employees", "lehrer"],
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
    groups: ColumnGroups::NONE,
    here_too: HereToo { button: "add to the staff here", sentence: "they are on the staff here too" },
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

    fn identity(current: &CurrentStaff) -> Option<Identity<'_>> {
        let (person, key, at, last_day) = match current {
            CurrentStaff::Employed(person, code, of) => {
                (person, Some(code.as_str()), Whereabouts::Here, of.ends_on)
            }
            CurrentStaff::Known(person, KnownAt::Elsewhere(_) | KnownAt::OutOfReach) => {
                (person, None, Whereabouts::Elsewhere, None)
            }
            CurrentStaff::Known(person, KnownAt::Here | KnownAt::Nowhere) => {
                (person, None, Whereabouts::Nowhere, None)
            }
            CurrentStaff::OtherSchool => return None,
        };
        let is_told = !matches!(current, CurrentStaff::Known(_, KnownAt::OutOfReach));
        let is_of_school = matches!(current, CurrentStaff::Known(_, KnownAt::Here));
        let (person, keys_elsewhere) = (person.person, Vec::new());
        Some(Identity { person, key, at, last_day, keys_elsewhere, may_take: is_told, is_told, is_of_school })
    }

    fn person_hash(row: &ImportedStaff) -> (u64, Option<u64>) {
        (row.person.name_hash(), row.person.email_hash())
    }

    fn name_hash(current: &CurrentStaff) -> u64 {
        current.person().map_or(0, |person| people::name_hash(&person.name))
    }

    fn changes(row: &ImportedStaff, current: &CurrentStaff) -> Vec<FactChange> {
        current.person().map_or_else(Vec::new, |person| row.person.changes(person))
    }

    fn resemblance(row: &ImportedStaff, current: &CurrentStaff) -> Resemblance {
        match current {
            CurrentStaff::Employed(person, ..) | CurrentStaff::Known(person, _) => Resemblance {
                name: row.person.name_match(&person.name),
                second: row.person.email_match(person),
            },
            CurrentStaff::OtherSchool => {
                Resemblance { name: NameMatch::Different, second: Agreement::Unknown }
            }
        }
    }

    fn shown(current: &CurrentStaff) -> ShownPerson {
        match current {
            CurrentStaff::Employed(person, code, of) => {
                ShownPerson { ends_on: of.ends_on, ..person.shown(code, "") }
            }
            CurrentStaff::Known(person, KnownAt::Elsewhere(school)) => person.shown("", school),
            CurrentStaff::Known(person, KnownAt::Here | KnownAt::Nowhere) => person.shown("", ""),
            CurrentStaff::Known(_, KnownAt::OutOfReach) | CurrentStaff::OtherSchool => ShownPerson::default(),
        }
    }

    fn shown_in_file(row: &ImportedStaff) -> ShownPerson {
        row.person.shown(row.code.as_str())
    }

    fn differences(
        row: &ImportedStaff,
        current: Option<&CurrentStaff>,
        decided: Decided,
    ) -> Verdict<StaffWrite> {
        let verdict = match current {
            None => row.person.new_person().map(|person| add(row, person, Vec::new(), decided.day)),
            Some(current @ CurrentStaff::Employed(person, code, employment)) => {
                change(row, current, (person, code, *employment), decided)
            }
            Some(CurrentStaff::Known(person, _)) => {
                let write =
                    PersonWrite { existing: Some(person.person), details: None, email: None, phone: None };
                let known = Note::new("known_person").with("name", person.name.full());
                Ok(add(row, write, vec![known], decided.day))
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

    fn period(row: &ImportedStaff) -> Period {
        Period { starts_on: row.starts_on.value().copied(), ends_on: row.ends_on.value().copied() }
    }

    fn rows_resemble(one: &ImportedStaff, other: &ImportedStaff) -> Resemblance {
        let emails = one.person.email_hash().zip(other.person.email_hash());
        let second = if emails.is_some_and(|(one, other)| one == other) {
            Agreement::Same
        } else {
            one.person.birth_match(other.person.born_on.value().copied())
        };
        one.person.resembles_row(&other.person, second)
    }

    fn with_period(row: &ImportedStaff, shown: ShownPerson) -> ShownPerson {
        let (starts_on, ends_on) = (row.starts_on.value().copied(), row.ends_on.value().copied());
        ShownPerson { starts_on, ends_on, ..shown }
    }

    /// Greencap keeps one employment of a person at a school.
    fn earlier(of: &EarlierRows<'_, Self>, _newest: &mut Verdict<StaffWrite>) -> Vec<Verdict<StaffWrite>> {
        let said = |row: &&ImportedStaff| {
            let end = row.ends_on.value().map(ToString::to_string).unwrap_or_default();
            let start = row.starts_on.value().map(ToString::to_string).unwrap_or_default();
            let note = Note::new("earlier_employment").with("row", of.number);
            Verdict::told(RowOutcome::Skipped, note.with("start", start).with("end", end))
        };
        of.rows.iter().map(said).collect()
    }

    fn free_key(write: &mut StaffWrite, holder: &CurrentStaff, former: String) {
        if let CurrentStaff::Employed(person, _, employment) = holder {
            write.frees = Some(FreedCode { person: person.person, employment: *employment, code: former });
        }
    }
}

fn add(row: &ImportedStaff, person: PersonWrite, notes: Vec<Note>, day: NaiveDate) -> Verdict<StaffWrite> {
    let ends_on = row.ends_on.value().copied();
    // Defaults to the day the file was uploaded, or to the last day of someone who left before it.
    let starts_on =
        row.starts_on.value().copied().unwrap_or_else(|| ends_on.filter(|end| *end < day).unwrap_or(day));
    let code = row.code.as_str().to_owned();
    let employment = EmploymentWrite::Begin { starts_on, ends_on };
    let write = StaffWrite { person, code, employment, frees: None };
    Verdict { outcome: RowOutcome::Added, code: "new_staff".into(), notes, write: Some(write), held: None }
}

fn change(
    row: &ImportedStaff,
    current: &CurrentStaff,
    (person, code, employment): (&CurrentPerson, &str, Employment),
    decided: Decided,
) -> Result<Verdict<StaffWrite>, Note> {
    let mut notes = Vec::new();
    let said = row.code.as_str();
    let renumbers = decided.renumber && said != code;
    if renumbers {
        notes.push(Note::changed(&STAFF_CODE, code, said));
    } else if said != code {
        notes.push(Note::new("near_key_known").with("key", said).with("known", code));
    }
    let mut details = row.person.details_after(person, &mut notes)?;
    if renumbers {
        // Their code stands in what they are found by.
        details = details.or_else(|| Some(person.details()));
    }
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
    let contacts = row.person.contacts_after(person, decided.address, &mut notes)?;
    let held = contacts.held.map(|choices| {
        let (in_file, shown) = (StaffImport::shown_in_file(row), StaffImport::shown(current));
        Box::new(HeldRow::new(HeldReason::Address, in_file, vec![shown], choices))
    });
    if notes.iter().all(|note| note.code != CHANGED) {
        return Ok(Verdict::unchanged(notes, held));
    }
    let existing = Some(person.person);
    let person = PersonWrite { existing, details, email: contacts.email, phone: contacts.phone };
    let changes = renumbers || after != employment;
    let employment = if changes { EmploymentWrite::Change(after) } else { EmploymentWrite::Keep };
    let code = if renumbers { said } else { code }.to_owned();
    let write = Some(StaffWrite { person, code, employment, frees: None });
    let code = "details_changed".into();
    Ok(Verdict { outcome: RowOutcome::Updated, code, notes, write, held })
}

fn words(note: &Note) -> Option<String> {
    Some(match note.code.as_ref() {
        "staff_code_missing" => StaffCodeError::Missing.to_string(),
        "staff_code_too_long" => StaffCodeError::TooLong.to_string(),
        "same_staff_code" => format!(
            "Row {} has the same staff code but different details. Keep one of the two rows, or correct the code.",
            note.get("row")
        ),
        "earlier_employment" => format!(
            "An earlier employment, {}. Row {} has the latest one, and Greencap keeps one for each school.",
            words::period(note),
            note.get("row")
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
