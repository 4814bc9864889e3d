//! What the roll holds of a student, and what an import writes.

use chrono::NaiveDate;

use super::people::{CurrentPerson, PersonWrite};
use crate::ids::EnrolmentId;
use crate::imports::encoding::{Encode, Encoder};

/// A student as the roll holds them: the parts that a file can change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentStudent {
    /// The student.
    pub person: CurrentPerson,
    /// The enrolment that stands for the student at the school.
    pub enrolment: EnrolmentId,
    /// Year group.
    pub year: String,
    /// Registration group.
    pub group: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
}

/// What is to be written for one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// The student.
    pub person: PersonWrite,
    /// Their admission number.
    pub admission_number: String,
    /// What becomes of the enrolment.
    pub enrolment: EnrolmentWrite,
}

/// A time at the school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentDetails {
    /// Year group.
    pub year: String,
    /// Registration group.
    pub group: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
}

/// What becomes of an enrolment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnrolmentWrite {
    /// It stays.
    Keep,
    /// Its details change.
    Change(EnrolmentId, EnrolmentDetails),
    /// A new one begins, beside an older one that has ended.
    Begin(EnrolmentDetails),
}

impl Encode for EnrolmentDetails {
    fn encode(&self, to: &mut Encoder) {
        to.text(&self.year);
        to.text(&self.group);
        to.day(self.starts_on);
        to.option(self.ends_on, Encoder::day);
    }
}

impl Encode for Write {
    fn encode(&self, to: &mut Encoder) {
        self.person.encode(to);
        to.text(&self.admission_number);
        match &self.enrolment {
            EnrolmentWrite::Keep => to.number(0),
            EnrolmentWrite::Change(enrolment, details) => {
                to.number(1);
                to.id(enrolment.0);
                details.encode(to);
            }
            EnrolmentWrite::Begin(details) => {
                to.number(2);
                details.encode(to);
            }
        }
    }
}
