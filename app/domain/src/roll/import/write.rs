//! What the roll holds of a student, and what an import writes.

use chrono::NaiveDate;

use super::people::{CurrentPerson, PersonWrite};
use crate::ids::EnrolmentId;
use crate::operations::facts::{Facts, Fields, Form, Sink, Tag};

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

const PERSON: Tag = Tag::new(1);
const ADMISSION_NUMBER: Tag = Tag::new(2);
const ENROLMENT: Tag = Tag::new(3);
const YEAR: Tag = Tag::new(4);
const GROUP: Tag = Tag::new(5);
const STARTS_ON: Tag = Tag::new(6);
const ENDS_ON: Tag = Tag::new(7);

/// An enrolment that stays has no details, and a new one no id.
impl Facts for Write {
    const FORM: Form = Form { name: "import_students", version: 1 };

    fn write(&self, fields: &mut Fields<'_, impl Sink>) {
        fields
            .nested(PERSON, |fields| self.person.facts(fields))
            .text(ADMISSION_NUMBER, &self.admission_number);
        let details = match &self.enrolment {
            EnrolmentWrite::Keep => return,
            EnrolmentWrite::Change(enrolment, details) => {
                fields.id(ENROLMENT, enrolment.0);
                details
            }
            EnrolmentWrite::Begin(details) => details,
        };
        fields.text(YEAR, &details.year).text(GROUP, &details.group).day(STARTS_ON, details.starts_on);
        if let Some(ends_on) = details.ends_on {
            fields.day(ENDS_ON, ends_on);
        }
    }
}
