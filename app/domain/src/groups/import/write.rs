//! What an import of memberships writes.

use chrono::NaiveDate;
use uuid::Uuid;

use super::course::CourseRef;
use crate::groups::name::GroupName;
use crate::ids::{AcademicYearId, GroupId, PersonId};
use crate::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};

/// A group of the school, or one that the file creates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupRef {
    /// One that the school has.
    Known(GroupId),
    /// A new one with this name, in this year.
    New(GroupName, Option<AcademicYearId>),
}

/// A membership that begins, or gets a last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipWrite {
    /// The group.
    pub group: GroupRef,
    /// The student.
    pub person: PersonId,
    /// The membership that changes; `None` for a new one.
    pub existing: Option<Uuid>,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day.
    pub ends_on: Option<NaiveDate>,
    /// What the group studies, if it is new.
    pub course: Option<CourseRef>,
}

const GROUP: Tag = Tag::new(1);
const NEW_GROUP: Tag = Tag::new(2);
const PERSON: Tag = Tag::new(3);
const EXISTING: Tag = Tag::new(4);
const STARTS: Tag = Tag::new(5);
const ENDS: Tag = Tag::new(6);
const COURSE: Tag = Tag::new(7);
const NEW_COURSE: Tag = Tag::new(8);
const COURSE_NAME: Tag = Tag::new(9);
const YEAR: Tag = Tag::new(10);

impl Facts for MembershipWrite {
    const FORM: FactsFormat = FactsFormat { name: "import_memberships", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        match &self.group {
            GroupRef::Known(group) => fields.id(GROUP, group.0),
            GroupRef::New(name, _) => fields.text(NEW_GROUP, name.as_str()),
        };
        fields.id(PERSON, self.person.0);
        if let Some(existing) = self.existing {
            fields.id(EXISTING, existing);
        }
        fields.day(STARTS, self.starts_on);
        if let Some(last) = self.ends_on {
            fields.day(ENDS, last);
        }
        match &self.course {
            Some(CourseRef::Known(course)) => {
                fields.id(COURSE, course.0);
            }
            Some(CourseRef::New(code, name)) => {
                fields.text(NEW_COURSE, code.as_str()).text(COURSE_NAME, name.as_str());
            }
            None => {}
        }
        if let GroupRef::New(_, Some(year)) = &self.group {
            fields.id(YEAR, year.0);
        }
    }
}
