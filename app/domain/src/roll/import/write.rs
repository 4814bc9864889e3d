//! A student in the database, and what an import writes.

use chrono::NaiveDate;

use super::people::{CurrentPerson, PersonWrite};
use crate::ids::{EnrolmentId, PersonId};
use crate::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};

/// A student in the database: the details that a file can change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentStudent {
    /// The student.
    pub person: CurrentPerson,
    /// The student's enrolment at the school that the file is about; `None` for someone who was never there.
    pub enrolment: Option<CurrentEnrolment>,
    /// Earlier enrolments at that school. Only read for those who have several rows in the file.
    pub earlier: Vec<CurrentEnrolment>,
    /// Enrolments at other schools of the organisation.
    pub elsewhere: Vec<EnrolmentElsewhere>,
    /// Whether this importer may enrol them at the school, if they are not there yet.
    pub may_take: bool,
}

/// An enrolment in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentEnrolment {
    /// The enrolment.
    pub id: EnrolmentId,
    /// Admission number.
    pub number: String,
    /// Its details.
    pub details: EnrolmentDetails,
}

/// An enrolment at another school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentElsewhere {
    /// The school's name.
    pub school: String,
    /// The admission number there, if the importer may see it.
    pub number: String,
}

/// What to write for one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StudentWrite {
    /// The student.
    pub person: PersonWrite,
    /// Their admission number.
    pub admission_number: String,
    /// What happens to the enrolment.
    pub enrolment: EnrolmentWrite,
    /// What happens to earlier enrolments: one that begins becomes history.
    pub earlier: Vec<EarlierEnrolment>,
    /// Who has left, and whose number becomes this student's.
    pub frees: Option<FreedNumber>,
}

/// What happens to an earlier enrolment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierEnrolment {
    /// The admission number that they had.
    pub number: String,
    /// What happens.
    pub enrolment: EnrolmentWrite,
}

/// The enrolment of somebody who has left, with the number that stays theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreedNumber {
    /// The person.
    pub person: PersonId,
    /// Their enrolment, with the number after the import.
    pub enrolment: CurrentEnrolment,
}

/// An enrolment's details.
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

/// What happens to an enrolment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnrolmentWrite {
    /// It is unchanged.
    Keep,
    /// Its details change.
    Change(EnrolmentId, EnrolmentDetails),
    /// A new one begins; an older one that has ended is kept.
    Begin(EnrolmentDetails),
}

const PERSON: Tag = Tag::new(1);
const ADMISSION_NUMBER: Tag = Tag::new(2);
const ENROLMENT: Tag = Tag::new(3);
const YEAR: Tag = Tag::new(4);
const GROUP: Tag = Tag::new(5);
const STARTS_ON: Tag = Tag::new(6);
const ENDS_ON: Tag = Tag::new(7);
const EARLIER: Tag = Tag::new(8);
const FREES: Tag = Tag::new(9);
const NUMBER: Tag = Tag::new(2);

/// An unchanged enrolment has no details, and a new one no id.
impl Facts for StudentWrite {
    const FORM: FactsFormat = FactsFormat { name: "import_students", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields
            .nested(PERSON, |fields| self.person.facts(fields))
            .text(ADMISSION_NUMBER, &self.admission_number);
        self.enrolment.facts(fields);
        if !self.earlier.is_empty() {
            fields.list(EARLIER, &self.earlier, |earlier, fields| {
                fields.text(NUMBER, &earlier.number);
                earlier.enrolment.facts(fields);
            });
        }
        if let Some(FreedNumber { enrolment, .. }) = &self.frees {
            fields.nested(FREES, |fields| {
                fields.text(NUMBER, &enrolment.number).id(ENROLMENT, enrolment.id.0);
            });
        }
    }
}

impl EnrolmentWrite {
    fn facts(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        let details = match self {
            Self::Keep => return,
            Self::Change(enrolment, details) => {
                fields.id(ENROLMENT, enrolment.0);
                details
            }
            Self::Begin(details) => details,
        };
        fields.text(YEAR, &details.year).text(GROUP, &details.group).day(STARTS_ON, details.starts_on);
        if let Some(ends_on) = details.ends_on {
            fields.day(ENDS_ON, ends_on);
        }
    }
}
