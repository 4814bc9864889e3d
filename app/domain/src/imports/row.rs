//! From the cells of a row to what it says about a student, or to everything that is wrong with it.

use std::fmt::Display;

use chrono::{Days, NaiveDate};

use super::dates::{DateOrder, DateOrders, parse_date};
use super::field::StudentField as F;
use super::mapping::Mapping;
use crate::roll::address::{EmailAddress, PhoneNumber};
use crate::roll::enrolment::{AdmissionNumber, AdmissionNumberError, GroupName};
use crate::roll::language::LanguageTag;
use crate::roll::name::{NameError, PersonName};
use crate::spreadsheet::restored;

/// What a row says about one field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Said<T> {
    /// The file has no such column: nothing changes.
    #[default]
    Nothing,
    /// The cell is empty.
    Empty,
    /// The cell holds this.
    Value(T),
}

impl<T> Said<T> {
    /// The value, if the cell holds one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Nothing | Self::Empty => None,
        }
    }
}

/// What a row says about a student, every part of it valid.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StudentRow {
    /// Who it is about.
    pub admission_number: AdmissionNumber,
    /// Given name.
    pub given: Said<String>,
    /// Middle names.
    pub middle: Said<String>,
    /// Family name.
    pub family: Said<String>,
    /// Preferred name.
    pub preferred: Said<String>,
    /// Date of birth.
    pub born_on: Said<NaiveDate>,
    /// Language; a word that is no known language counts as nothing said, and is noted.
    pub language: Said<LanguageTag>,
    /// Email address.
    pub email: Said<EmailAddress>,
    /// Phone number.
    pub phone: Said<PhoneNumber>,
    /// Year group.
    pub year: Said<GroupName>,
    /// Registration group.
    pub group: Said<GroupName>,
    /// First day on roll.
    pub starts_on: Said<NaiveDate>,
    /// Last day on roll.
    pub ends_on: Said<NaiveDate>,
    /// Sentences about what was left out without harm.
    pub notes: Vec<String>,
}

/// Something wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// A stable word for tests and automation.
    pub code: &'static str,
    /// A sentence that says what is wrong and what to do.
    pub message: String,
}

impl RowProblem {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// What reading a row needs beside its cells.
#[derive(Debug, Clone)]
pub struct RowReader {
    mapping: Mapping,
    orders: DateOrders,
    /// The day the file came: birth dates lie before it.
    day: NaiveDate,
}

/// How old a student can be, in days: 120 years. Adults study too; a date before that is a slip of the pen.
const MAX_AGE_DAYS: u64 = 120 * 366;

/// How a value is quoted in a sentence: shortened, since the whole cell is in the file.
fn quote(text: &str) -> String {
    const SHOWN: usize = 60;
    let mut shown: String = text.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
    if text.chars().count() > SHOWN {
        shown.push('\u{2026}');
    }
    format!("\u{201c}{shown}\u{201d}")
}

impl RowReader {
    /// A reader for files with these columns that came on `day`.
    pub fn new(mapping: Mapping, orders: DateOrders, day: NaiveDate) -> Self {
        Self { mapping, orders, day }
    }

    /// The cell of a field, trimmed; a row may be shorter than the header. A cell that Greencap guarded against
    /// spreadsheets in an export comes back as it was.
    fn cell<'a>(&self, cells: &'a [String], field: F) -> Said<&'a str> {
        match self.mapping.column_of(field) {
            None => Said::Nothing,
            Some(at) => match cells.get(at).map_or("", |cell| restored(cell.trim())) {
                "" => Said::Empty,
                text => Said::Value(text),
            },
        }
    }

    /// The admission number as far as it can be read, for the log of a row that is rejected.
    pub fn key(&self, cells: &[String]) -> Option<AdmissionNumber> {
        self.cell(cells, F::AdmissionNumber).value().and_then(|text| text.parse().ok())
    }

    /// Reads a row, or says everything that is wrong with it.
    pub fn read(&self, cells: &[String]) -> Result<StudentRow, Vec<RowProblem>> {
        let mut problems = Vec::new();
        let number = match self.cell(cells, F::AdmissionNumber) {
            Said::Value(text) => text.parse::<AdmissionNumber>(),
            Said::Nothing | Said::Empty => Err(AdmissionNumberError::Missing),
        };
        if let Err(error) = &number {
            let code = match error {
                AdmissionNumberError::Missing => "admission_number_missing",
                AdmissionNumberError::TooLong => "admission_number_too_long",
            };
            problems.push(RowProblem::new(code, error.to_string()));
        }
        let name = self.name(cells, &mut problems);
        let (born_on, starts_on, ends_on) = self.dates(cells, &mut problems);
        let mut notes = Vec::new();
        let language = match self.cell(cells, F::Language) {
            Said::Value(text) => text.parse().map_or_else(
                |_| {
                    notes.push(format!("Language {} is not known and was left out.", quote(text)));
                    Said::Nothing
                },
                Said::Value,
            ),
            Said::Empty => Said::Empty,
            Said::Nothing => Said::Nothing,
        };
        let email = parsed(self.cell(cells, F::Email), "email", "Email", &mut problems);
        let phone = parsed(self.cell(cells, F::Phone), "phone", "Phone", &mut problems);
        let year = parsed(self.cell(cells, F::YearGroup), "year_group", "Year group", &mut problems);
        let group = parsed(
            self.cell(cells, F::RegistrationGroup),
            "registration_group",
            "Registration group",
            &mut problems,
        );
        match (number, name) {
            (Ok(admission_number), Some([given, middle, family, preferred])) if problems.is_empty() => {
                Ok(StudentRow {
                    admission_number,
                    given,
                    middle,
                    family,
                    preferred,
                    born_on,
                    language,
                    email,
                    phone,
                    year,
                    group,
                    starts_on,
                    ends_on,
                    notes,
                })
            }
            _ => Err(problems),
        }
    }

    fn name(&self, cells: &[String], problems: &mut Vec<RowProblem>) -> Option<[Said<String>; 4]> {
        let mut parts = [F::GivenName, F::MiddleName, F::FamilyName, F::PreferredName]
            .map(|field| owned(self.cell(cells, field)));
        if let Said::Value(full) = self.cell(cells, F::FullName) {
            let (given, family) = split_full_name(full);
            parts[0] = owned(if given.is_empty() { Said::Empty } else { Said::Value(given) });
            parts[2] = owned(if family.is_empty() { Said::Empty } else { Said::Value(family) });
        }
        let text = |at: usize| parts[at].value().map_or("", String::as_str);
        match PersonName::new(text(0), text(1), text(2), text(3)) {
            Ok(name) => {
                let tidy = [name.given(), name.middle(), name.family(), name.preferred()];
                for (part, tidy) in parts.iter_mut().zip(tidy) {
                    if matches!(part, Said::Value(_)) {
                        *part = if tidy.is_empty() { Said::Empty } else { Said::Value(tidy.to_owned()) };
                    }
                }
                Some(parts)
            }
            Err(error) => {
                let (code, message) = match error {
                    NameError::Empty => (
                        "name_missing",
                        "The name is empty. Fill in a given name or a family name.".to_owned(),
                    ),
                    NameError::TooLong => ("name_too_long", error.to_string()),
                };
                problems.push(RowProblem::new(code, message));
                None
            }
        }
    }

    fn dates(
        &self,
        cells: &[String],
        problems: &mut Vec<RowProblem>,
    ) -> (Said<NaiveDate>, Said<NaiveDate>, Said<NaiveDate>) {
        let mut date = |field: F, order: DateOrder| match self.cell(cells, field) {
            Said::Nothing => Said::Nothing,
            Said::Empty => Said::Empty,
            Said::Value(text) => match parse_date(text, order) {
                Ok(day) => Said::Value(day),
                Err(error) => {
                    problems.push(RowProblem::new(
                        field.slug(),
                        format!("{}: {} {error}", field.label(), quote(text)),
                    ));
                    Said::Empty
                }
            },
        };
        let born_on = date(F::DateOfBirth, self.orders.birth);
        let starts_on = date(F::StartDate, self.orders.start);
        let ends_on = date(F::EndDate, self.orders.end);
        if let Some(born) = born_on.value() {
            let oldest = self.day.checked_sub_days(Days::new(MAX_AGE_DAYS)).unwrap_or(NaiveDate::MIN);
            if *born > self.day {
                problems.push(RowProblem::new(
                    "date_of_birth_future",
                    format!("The date of birth, {born}, lies in the future. Correct it, or leave it empty."),
                ));
            } else if *born < oldest {
                problems.push(RowProblem::new(
                    "date_of_birth_implausible",
                    format!("The date of birth, {born}, is more than 120 years ago. Correct it, or leave it empty."),
                ));
            }
        }
        if let (Some(start), Some(end)) = (starts_on.value(), ends_on.value())
            && end < start
        {
            problems.push(RowProblem::new(
                "end_before_start",
                format!("The end date, {end}, lies before the start date, {start}. Correct one of the two."),
            ));
        }
        (born_on, starts_on, ends_on)
    }
}

fn owned(said: Said<&str>) -> Said<String> {
    match said {
        Said::Nothing => Said::Nothing,
        Said::Empty => Said::Empty,
        Said::Value(text) => Said::Value(text.to_owned()),
    }
}

fn parsed<T>(cell: Said<&str>, code: &'static str, label: &str, problems: &mut Vec<RowProblem>) -> Said<T>
where
    T: std::str::FromStr,
    T::Err: Display,
{
    match cell {
        Said::Nothing => Said::Nothing,
        Said::Empty => Said::Empty,
        Said::Value(text) => match text.parse() {
            Ok(value) => Said::Value(value),
            Err(error) => {
                problems.push(RowProblem::new(code, format!("{label} {}: {error}", quote(text))));
                Said::Empty
            }
        },
    }
}

/// "Okoronta, Adaeze" is family name first; without a comma the last word is the family name, and one word alone a
/// given name.
fn split_full_name(full: &str) -> (&str, &str) {
    if let Some((family, given)) = full.split_once(',') {
        return (given.trim(), family.trim());
    }
    full.rsplit_once(char::is_whitespace).map_or((full, ""), |(given, family)| (given.trim(), family.trim()))
}

#[cfg(test)]
mod tests;
