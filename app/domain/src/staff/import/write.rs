//! A staff member in the database, and what an import writes.

use chrono::NaiveDate;

use crate::ids::{EmploymentId, PersonId};
use crate::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use crate::roll::import::people::{CurrentPerson, PersonWrite};

/// What the database has about the row's person and school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CurrentStaff {
    /// A person at the school, with their code.
    Employed(CurrentPerson, String, Employment),
    /// Someone in the organisation who was never enrolled, and is not employed at the school.
    Known(CurrentPerson, KnownAt),
    /// The row is about another school.
    OtherSchool,
}

impl CurrentStaff {
    /// The person, if the row is about one of this school.
    pub fn person(&self) -> Option<&CurrentPerson> {
        match self {
            Self::Employed(person, ..) | Self::Known(person, _) => Some(person),
            Self::OtherSchool => None,
        }
    }
}

/// Where somebody is who is not employed at the school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownAt {
    /// At the school all the same: they have a role there.
    Here,
    /// At another school, with its name, where the importer may take them from.
    Elsewhere(String),
    /// At no school, such as a guardian.
    Nowhere,
    /// Where the importer sees nobody.
    OutOfReach,
}

/// An employment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Employment {
    /// Its identifier.
    pub id: EmploymentId,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: Option<NaiveDate>,
}

/// What to write for one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffWrite {
    /// The person.
    pub person: PersonWrite,
    /// Their code.
    pub code: String,
    /// What happens to the employment.
    pub employment: EmploymentWrite,
    /// Who has left, and whose code becomes theirs.
    pub frees: Option<FreedCode>,
}

/// The employment of somebody who has left, and the code that stays theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreedCode {
    /// The person.
    pub person: PersonId,
    /// Their employment.
    pub employment: Employment,
    /// Their code after the import.
    pub code: String,
}

/// What happens to an employment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmploymentWrite {
    /// It is unchanged.
    Keep,
    /// Its dates change.
    Change(Employment),
    /// It begins.
    Begin {
        /// The first day.
        starts_on: NaiveDate,
        /// The last day.
        ends_on: Option<NaiveDate>,
    },
}

const PERSON: Tag = Tag::new(1);
const CODE: Tag = Tag::new(2);
const EMPLOYMENT: Tag = Tag::new(3);
const STARTS_ON: Tag = Tag::new(4);
const ENDS_ON: Tag = Tag::new(5);
const FREES: Tag = Tag::new(6);

/// An unchanged employment has no dates, and a new one no id.
impl Facts for StaffWrite {
    const FORM: FactsFormat = FactsFormat { name: "import_staff", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields.nested(PERSON, |fields| self.person.facts(fields)).text(CODE, &self.code);
        self.employment.facts(fields);
        if let Some(FreedCode { employment, code, .. }) = &self.frees {
            fields.nested(FREES, |fields| {
                fields.text(CODE, code).id(EMPLOYMENT, employment.id.0);
            });
        }
    }
}

impl EmploymentWrite {
    fn facts(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        let (starts_on, ends_on) = match self {
            Self::Keep => return,
            Self::Change(Employment { id, starts_on, ends_on }) => {
                fields.id(EMPLOYMENT, id.0);
                (starts_on, ends_on)
            }
            Self::Begin { starts_on, ends_on } => (starts_on, ends_on),
        };
        fields.day(STARTS_ON, *starts_on);
        if let Some(ends_on) = ends_on {
            fields.day(ENDS_ON, *ends_on);
        }
    }
}
