//! Reads a student from the cells of a row.

use chrono::NaiveDate;

use super::fields::{ADMISSION_NUMBER, END_DATE, REGISTRATION_GROUP, START_DATE, YEAR_GROUP};
use super::people::{self, ImportedPerson};
use crate::imports::cells::{CellError, CellValue, Cells};
use crate::roll::enrolment::{AdmissionNumber, AdmissionNumberError, GroupName, GroupNameError};

/// A student in a row, with only valid values.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StudentRow {
    /// Identifies the student.
    pub admission_number: AdmissionNumber,
    /// The person.
    pub person: ImportedPerson,
    /// Year group.
    pub year: CellValue<GroupName>,
    /// Registration group.
    pub group: CellValue<GroupName>,
    /// First day on roll.
    pub starts_on: CellValue<NaiveDate>,
    /// Last day on roll.
    pub ends_on: CellValue<NaiveDate>,
}

impl CellError for GroupNameError {
    fn why(&self) -> &'static str {
        "too_long"
    }
}

impl CellError for AdmissionNumberError {
    fn why(&self) -> &'static str {
        match self {
            Self::Missing => "admission_number_missing",
            Self::TooLong => "admission_number_too_long",
        }
    }
}

/// Reads a row, or adds all its problems to `cells`.
pub(super) fn read(cells: &mut Cells<'_>) -> Option<StudentRow> {
    let number = cells.key(&ADMISSION_NUMBER);
    let person = people::read(cells);
    let (starts_on, ends_on) = cells.period(&START_DATE, &END_DATE);
    let year = cells.parsed(&YEAR_GROUP);
    let group = cells.parsed(&REGISTRATION_GROUP);
    Some(StudentRow { admission_number: number?, person: person?, year, group, starts_on, ends_on })
}
