//! Importing staff: names, email, staff code, school and days. What somebody may do is given by a person, never by a file:
//! a column of roles is no field.
//!
//! A staff code that the school does not have yet is somebody new, unless exactly one person of the organisation has the
//! same name and email address and was never enrolled as a student: then it is that person, and the log says so. Nothing
//! but their employment is written then.

use chrono::NaiveDate;

use super::code::{StaffCode, StaffCodeError};
use crate::authorization::policy::Permission;
use crate::ids::EmploymentId;
use crate::imports::cells::{Cells, Said};
use crate::imports::encoding::{Encode, Encoder};
use crate::imports::kind::{Declaration, Field, ImportKind, Need, NextStep, OneRoster, OneRosterColumn};
use crate::imports::note::{CHANGED, Note, Verdict};
use crate::imports::outcome::Outcome;
use crate::imports::words::{quote, short};
use crate::roll::import::people::{
    self, CurrentPerson, EMAIL, FAMILY_NAME, FULL_NAME, GIVEN_NAME, MIDDLE_NAME, PHONE, PREFERRED_NAME,
    PersonRow, PersonWrite, note_change_of_day,
};

/// What tells staff apart.
pub const STAFF_CODE: Field = Field::text(
    "staff_code",
    "Staff code",
    "OKO",
    &[
        "staffcode",
        "staffid",
        "staffno",
        "staffnumber",
        "teachercode",
        "teacherid",
        "teachernumber",
        "employeeid",
        "employeenumber",
        "employeeno",
        "employeecode",
        "payrollnumber",
        "payrollno",
        "initials",
        "code",
        "identifier",
        "id",
    ],
);
/// The school that the row is for; rows for another one are skipped.
pub const SCHOOL: Field = Field::text(
    "school",
    "School",
    "QUILL",
    &["school", "schoolcode", "schoolname", "site", "establishment"],
);
/// The first day.
pub const START_DATE: Field = Field::dates(
    "start_date",
    "Start date",
    "2026-09-01",
    &["startdate", "start", "starts", "datejoined", "joined", "joindate", "employedfrom", "contractstart"],
);
/// The last day.
pub const END_DATE: Field = Field::dates(
    "end_date",
    "End date",
    "2030-08-31",
    &["enddate", "end", "ends", "leavingdate", "dateleft", "left", "employedto", "contractend"],
);

/// Staff of a school.
pub static STAFF: Declaration = Declaration {
    slug: "staff",
    name: "Staff",
    title: "Import staff",
    lead: "Import the people who work at your school. Roles and accounts are given by a person, never by a file.",
    one: "member of staff",
    many: "members of staff",
    permission: Permission::ImportRoll,
    fields: &[
        STAFF_CODE,
        GIVEN_NAME.also(&["stafffirstname", "staffforename", "teacherfirstname"]),
        MIDDLE_NAME,
        FAMILY_NAME.also(&["stafflastname", "staffsurname", "teacherlastname", "teachersurname"]),
        PREFERRED_NAME,
        FULL_NAME.also(&["staffname", "teachername", "employeename", "teacher", "staff", "employee"]),
        EMAIL.also(&["staffemail", "teacheremail", "staffemailaddress"]),
        PHONE.also(&["staffphone", "workphone"]),
        SCHOOL,
        START_DATE,
        END_DATE,
    ],
    key: STAFF_CODE.slug,
    needs: &[
        Need {
            any_of: &[STAFF_CODE.slug],
            message: "Choose the column with the staff code: it tells one member of staff from another.",
        },
        people::NEEDS_NAME,
    ],
    naming: people::NAMING,
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
    not_about: &[
        "parent",
        "emergency",
        "kin",
        "student",
        "pupil",
        "former",
        "previous",
        "status",
        "role",
        "type",
    ],
    oneroster: OneRoster {
        // The vocabulary of version 1.2, and what 1.1 has of it.
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
        ],
    },
    next: NextStep {
        permission: Permission::ViewRoll,
        href: "/staff",
        label: "See staff",
        icon: "users",
        for_one: "An administrator gives them their role.",
        for_many: "An administrator gives them their roles.",
    },
    words,
};

/// What a row says about a member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StaffRow {
    /// What tells them from others.
    pub code: StaffCode,
    /// The person.
    pub person: PersonRow,
    /// The school that the row is for.
    pub school: Said<String>,
    /// The first day.
    pub starts_on: Said<NaiveDate>,
    /// The last day.
    pub ends_on: Said<NaiveDate>,
}

/// What the database holds of the row's person and school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CurrentStaff {
    /// Somebody with this code at the school.
    Employed(CurrentPerson, Employment),
    /// Nobody has the code, but somebody with another code at the school has the same name and email address.
    OtherCode(String),
    /// Nobody has the code, but somebody in the organisation has the same name and email address.
    Known(CurrentPerson),
    /// The row is for another school.
    OtherSchool,
}

/// An employment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Employment {
    /// Which.
    pub id: EmploymentId,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: Option<NaiveDate>,
}

/// What is to be written for one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// The person.
    pub person: PersonWrite,
    /// Their code.
    pub code: String,
    /// What becomes of the employment.
    pub employment: EmploymentWrite,
}

/// What becomes of an employment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmploymentWrite {
    /// It stays.
    Keep,
    /// Its days change.
    Change(Employment),
    /// It begins.
    Begin {
        /// The first day.
        starts_on: NaiveDate,
        /// The last day.
        ends_on: Option<NaiveDate>,
    },
}

impl Encode for Write {
    fn encode(&self, to: &mut Encoder) {
        self.person.encode(to);
        to.text(&self.code);
        let (starts_on, ends_on) = match self.employment {
            EmploymentWrite::Keep => return to.number(0),
            EmploymentWrite::Change(Employment { id, starts_on, ends_on }) => {
                to.number(1);
                to.id(id.0);
                (starts_on, ends_on)
            }
            EmploymentWrite::Begin { starts_on, ends_on } => {
                to.number(2);
                (starts_on, ends_on)
            }
        };
        to.day(starts_on);
        to.option(ends_on, Encoder::day);
    }
}

/// How staff are read and compared.
#[derive(Debug, Clone, Copy)]
pub struct Staff;

impl ImportKind for Staff {
    const DECLARATION: &'static Declaration = &STAFF;
    type Row = StaffRow;
    type Current = CurrentStaff;
    type Write = Write;

    fn read(cells: &mut Cells<'_>) -> Option<StaffRow> {
        let code = match cells.text(&STAFF_CODE) {
            Said::Value(text) => text.parse::<StaffCode>(),
            Said::Nothing | Said::Empty => Err(StaffCodeError::Missing),
        };
        if let Err(error) = &code {
            cells.problem(Note::new(match error {
                StaffCodeError::Missing => "staff_code_missing",
                StaffCodeError::TooLong => "staff_code_too_long",
            }));
        }
        let person = people::read(cells);
        let school = cells.text(&SCHOOL).map(str::to_owned);
        let starts_on = cells.date(&START_DATE);
        let ends_on = cells.date(&END_DATE);
        if let (Some(start), Some(end)) = (starts_on.value(), ends_on.value())
            && end < start
        {
            cells.problem(Note::new("end_before_start").with("start", start).with("end", end));
        }
        Some(StaffRow { code: code.ok()?, person: person?, school, starts_on, ends_on })
    }

    fn key(row: &StaffRow) -> &str {
        row.code.as_str()
    }

    fn differences(row: &StaffRow, current: Option<&CurrentStaff>, day: NaiveDate) -> Verdict<Write> {
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
                Ok(Verdict::told(Outcome::Skipped, Note::new("other_school").quoting(school)))
            }
        };
        verdict.unwrap_or_else(Verdict::rejected)
    }

    fn same_key(first: u32) -> Note {
        Note::new("same_staff_code").with("row", first)
    }
}

fn add(row: &StaffRow, person: PersonWrite, notes: Vec<Note>, day: NaiveDate) -> Verdict<Write> {
    let ends_on = row.ends_on.value().copied();
    // Without a start date the day of the file counts, or the last day of someone who has left before it.
    let starts_on =
        row.starts_on.value().copied().unwrap_or_else(|| ends_on.filter(|end| *end < day).unwrap_or(day));
    let code = row.code.as_str().to_owned();
    let write = Write { person, code, employment: EmploymentWrite::Begin { starts_on, ends_on } };
    Verdict { outcome: Outcome::Added, code: "new_staff".into(), notes, write: Some(write) }
}

fn change(row: &StaffRow, person: &CurrentPerson, employment: Employment) -> Result<Verdict<Write>, Note> {
    let mut notes = Vec::new();
    let details = row.person.details_after(person, &mut notes)?;
    let after = Employment {
        id: employment.id,
        starts_on: row.starts_on.value().copied().unwrap_or(employment.starts_on),
        // An empty cell is a fact: nobody knows a last day.
        ends_on: match row.ends_on {
            Said::Nothing => employment.ends_on,
            Said::Empty => None,
            Said::Value(end) => Some(end),
        },
    };
    if let Some(end) = after.ends_on.filter(|end| *end < after.starts_on) {
        return Err(Note::new("end_before_start").with("start", after.starts_on).with("end", end));
    }
    note_change_of_day(&mut notes, &START_DATE, Some(employment.starts_on), Some(after.starts_on));
    note_change_of_day(&mut notes, &END_DATE, employment.ends_on, after.ends_on);
    let (email, phone) = row.person.contacts_after(person, &mut notes)?;
    if notes.iter().all(|note| note.code != CHANGED) {
        let code = "no_difference".into();
        return Ok(Verdict { outcome: Outcome::Unchanged, code, notes, write: None });
    }
    let person = PersonWrite { existing: Some(person.person), details, email, phone };
    let employment = if after == employment { EmploymentWrite::Keep } else { EmploymentWrite::Change(after) };
    let write = Write { person, code: row.code.as_str().to_owned(), employment };
    Ok(Verdict { outcome: Outcome::Updated, code: "details_changed".into(), notes, write: Some(write) })
}

fn words(note: &Note) -> Option<String> {
    let day = |name: &str| note.day(name).map(short).unwrap_or_default();
    Some(match note.code.as_ref() {
        "staff_code_missing" => StaffCodeError::Missing.to_string(),
        "staff_code_too_long" => StaffCodeError::TooLong.to_string(),
        "same_staff_code" => format!(
            "Row {} has the same staff code but different details. Keep one of the two rows, or correct the code.",
            note.get("row")
        ),
        "other_staff_code" => format!(
            "Somebody at this school with the same name and email address has the staff code {}. Correct the code or the email address.",
            quote(note.get("code"))
        ),
        "known_person" => {
            format!("Linked to {}, who is already in Greencap with this email address.", note.get("name"))
        }
        "other_school" => {
            format!("This row is for another school, {}. Nothing to do.", quote(note.get("value")))
        }
        "end_before_start" => {
            format!(
                "The end date, {}, is before the start date, {}. Correct one of them.",
                day("end"),
                day("start")
            )
        }
        _ => return people::words(note),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PersonId;
    use crate::imports::cells::RowReader;
    use crate::imports::dates::DateOrder;
    use crate::imports::mapping::Mapping;
    use crate::imports::views::RowLine;
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
            outranks: false,
            own: false,
        }
    }

    fn employment() -> Employment {
        Employment { id: EmploymentId(Uuid::from_u128(2)), starts_on: day("2020-09-01"), ends_on: None }
    }

    /// What a row does, and what the log says of it.
    fn verdict(current: Option<&CurrentStaff>, said: &[(&str, &str)]) -> (Verdict<Write>, String) {
        let (headers, cells): (Vec<String>, Vec<String>) =
            said.iter().map(|(header, cell)| ((*header).to_owned(), (*cell).to_owned())).unzip();
        let mapping = Mapping::automatic(&STAFF, &headers, None);
        let reader = RowReader::new(&STAFF, &mapping, |_| DateOrder::default(), day("2026-11-29"));
        let mut reading = reader.cells(&cells);
        let row = Staff::read(&mut reading);
        let verdict = match reading.finish(row) {
            Ok((row, _)) => Staff::differences(&row, current, day("2026-11-29")),
            Err(mut problems) => Verdict::rejected(problems.remove(0)),
        };
        let line =
            RowLine { outcome: verdict.outcome, code: verdict.code.clone(), notes: verdict.notes.clone() };
        let said = crate::imports::words::line(&STAFF, &line);
        (verdict, said)
    }

    const GRACE: [(&str, &str); 3] =
        [("Staff code", "HOP"), ("Name", "Hopper, Grace"), ("Email", "g.hopper@school.example")];

    #[test]
    fn somebody_new_is_employed_from_the_day_of_the_file() {
        let (verdict, said) = verdict(None, &GRACE);
        assert_eq!((verdict.outcome, said.as_str()), (Outcome::Added, "New member of staff."));
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
        let current = CurrentStaff::Employed(grace(), employment());
        assert_eq!(verdict(Some(&current), &GRACE).0.outcome, Outcome::Unchanged);
        let leaver = [GRACE.as_slice(), &[("Leaving date", "31/12/2026")]].concat();
        let (verdict, said) = verdict(Some(&current), &leaver);
        assert_eq!(said, "End date set to \u{201c}31 Dec 2026\u{201d}.");
        let EmploymentWrite::Change(after) = verdict.write.unwrap().employment else { panic!("{said}") };
        assert_eq!((after.ends_on, after.starts_on), (Some(day("2026-12-31")), day("2020-09-01")));
    }

    #[test]
    fn somebody_known_is_linked_and_nothing_but_the_employment_is_written() {
        let (verdict, said) = verdict(Some(&CurrentStaff::Known(grace())), &GRACE);
        assert!(said.contains("Linked to Grace Hopper"), "{said}");
        let write = verdict.write.unwrap();
        assert_eq!(write.person.existing, Some(grace().person));
        assert_eq!((write.person.details, write.person.email, write.person.phone), (None, None, None));
    }

    #[test]
    fn another_code_another_school_and_an_end_before_the_start_say_what_is_wrong() {
        let (other_code, said) = verdict(Some(&CurrentStaff::OtherCode("GH1".to_owned())), &GRACE);
        assert_eq!(other_code.outcome, Outcome::Rejected);
        assert!(said.contains("GH1"), "{said}");
        let row = [GRACE.as_slice(), &[("School", "OTHER")]].concat();
        let (elsewhere, said) = verdict(Some(&CurrentStaff::OtherSchool), &row);
        assert_eq!(elsewhere.outcome, Outcome::Skipped);
        assert!(said.contains("OTHER"), "{said}");
        let row = [GRACE.as_slice(), &[("Start date", "2026-09-01"), ("End date", "2026-08-01")]].concat();
        assert_eq!(verdict(None, &row).0.code, "end_before_start");
        assert_eq!(verdict(None, &[("Staff code", ""), ("Name", "A B")]).0.code, "staff_code_missing");
    }
}
