//! Importing who is in which teaching group: a list of groups and students, or the classes and enrolments of a OneRoster
//! export. Students must be on the roll; groups that the school does not have are created. No file takes anybody out of
//! a group, except by a last day.

mod course;
mod plan;
pub mod tutors;
mod which;
mod words;
mod write;

pub use course::{CourseRef, KnownCourses};
pub use plan::{KnownGroups, StandingMembership, plan};
pub use which::{GroupIndex, KnownYear};
pub use write::{GroupRef, MembershipWrite};

use chrono::NaiveDate;

use super::name::{CourseCode, CourseCodeError, GroupName, GroupNameError};
use crate::authorization::policy::Permission;
use crate::imports::cells::{CellError, CellValue, Cells};
use crate::imports::groups::ColumnGroups;
use crate::imports::kind::{
    FieldRequirement, HereToo, ImportDeclaration, ImportField, NextStep, OneRoster, OneRosterColumn,
};
use crate::imports::names::HeaderNames;
use crate::imports::note::Note;
use crate::roll::enrolment::AdmissionNumber;
use crate::roll::import::ADMISSION_NUMBER;

/// The code of the problem of a row without a group.
pub const GROUP_MISSING: &str = "group_missing";

/// The group.
pub const GROUP: ImportField =
    ImportField::text("group", "Group", "12A Mathematics", &[]).known_as(HeaderNames {
        strong: &[
            "group",
            "teachinggroup",
            "groupname",
            "class",
            "classname",
            "classtitle",
            "classcode",
            "teachingset",
            "setname",
            "coursesection",
            "sectionname",
        ],
        usual: &["groupcode", "sectioncode"],
        weak: &["set", "section"],
        maybe: &[],
    });

/// The first day in it.
pub const FIRST_DAY: ImportField =
    ImportField::dates("first_day", "First day", "2026-09-01", &[]).known_as(HeaderNames {
        strong: &["firstday", "begindate", "startdate", "memberfrom", "datefrom"],
        usual: &["from", "since"],
        weak: &["start", "starts"],
        maybe: &[],
    });

/// The last day in it.
pub const LAST_DAY: ImportField =
    ImportField::dates("last_day", "Last day", "2027-07-21", &[]).known_as(HeaderNames {
        strong: &["lastday", "enddate", "memberuntil", "dateto"],
        usual: &["until"],
        weak: &["end", "ends"],
        maybe: &[],
    });

/// What a new group studies.
pub const COURSE: ImportField =
    ImportField::text("course", "Course", "Mathematics", &[]).known_as(HeaderNames {
        strong: &["course", "coursename", "coursetitle"],
        usual: &["subject", "subjectname"],
        weak: &[],
        maybe: &[],
    });

/// The code of that course.
pub const COURSE_CODE: ImportField =
    ImportField::text("course_code", "Course code", "MA1", &[]).known_as(HeaderNames {
        strong: &["coursecode", "courseid", "coursenumber"],
        usual: &["subjectcode"],
        weak: &[],
        maybe: &[],
    });

/// Who is in which teaching group.
pub static MEMBERSHIPS: ImportDeclaration = ImportDeclaration {
    slug: "memberships",
    name: "Teaching groups",
    title: "Import teaching groups",
    lead: "Import which students are in which teaching group, from a spreadsheet or from the classes and enrolments of a OneRoster export. Students must be on the roll already. Groups that do not exist yet are created, with the course that the file has for them.",
    one: "membership",
    many: "memberships",
    permission: Permission::ManageGroups,
    fields: &[ADMISSION_NUMBER, GROUP, FIRST_DAY, LAST_DAY, COURSE, COURSE_CODE],
    key: ADMISSION_NUMBER.slug,
    ends: LAST_DAY.slug,
    needs: &[
        FieldRequirement {
            any_of: &[ADMISSION_NUMBER.slug],
            message: "Choose the column with the admission number. It identifies each student.",
        },
        FieldRequirement { any_of: &[GROUP.slug], message: "Choose the column with the teaching group." },
    ],
    expects: &[],
    naming: &[&[ADMISSION_NUMBER.slug, GROUP.slug]],
    subjects: &["student", "pupil"],
    pairs: &[],
    hints: &[],
    not_about: &[&["teacher", "tutor", "staff"]],
    oneroster: OneRoster {
        roles: &["student"],
        columns: &[
            (ADMISSION_NUMBER.slug, OneRosterColumn::Identifier),
            (GROUP.slug, OneRosterColumn::Class),
            (FIRST_DAY.slug, OneRosterColumn::Starts),
            (LAST_DAY.slug, OneRosterColumn::Ends),
            (COURSE.slug, OneRosterColumn::Course),
            (COURSE_CODE.slug, OneRosterColumn::CourseCode),
        ],
    },
    groups: ColumnGroups::NONE,
    here_too: HereToo { button: "add to the group here", sentence: "they are in the group here too" },
    next: NextStep {
        permission: Permission::ManageGroups,
        href: "/groups",
        label: "See teaching groups",
        icon: "users",
        for_one: "Add tutors to groups that are new, or import them as \u{201c}Tutors\u{201d}.",
        for_many: "Add tutors to groups that are new, or import them as \u{201c}Tutors\u{201d}.",
    },
    words: words::words,
};

/// What a row says: only valid values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipRow {
    /// The student.
    pub student: AdmissionNumber,
    /// The group.
    pub group: GroupName,
    /// The first day in it.
    pub starts_on: CellValue<NaiveDate>,
    /// The last day in it.
    pub ends_on: CellValue<NaiveDate>,
    /// What the group studies.
    pub course: CellValue<GroupName>,
    /// The code of that course.
    pub course_code: CellValue<CourseCode>,
}

impl MembershipRow {
    /// The group's name as names are compared.
    pub fn group_key(&self) -> String {
        self.group.as_str().to_lowercase()
    }
}

impl CellError for GroupNameError {
    fn why(&self) -> &'static str {
        match self {
            Self::Empty => GROUP_MISSING,
            Self::TooLong => "group_name_too_long",
        }
    }
}

impl CellError for CourseCodeError {
    fn why(&self) -> &'static str {
        match self {
            Self::Empty => "course_code_missing",
            Self::TooLong => "course_code_too_long",
        }
    }
}

/// Reads a row.
pub fn read(cells: &mut Cells<'_>) -> Option<MembershipRow> {
    let student = cells.key::<AdmissionNumber>(&ADMISSION_NUMBER);
    let group = cells.parsed::<GroupName>(&GROUP).value().cloned();
    if group.is_none() {
        cells.problem(Note::new(GROUP_MISSING));
    }
    let (starts_on, ends_on) = cells.period(&FIRST_DAY, &LAST_DAY);
    let (course, course_code) = (cells.parsed(&COURSE), cells.parsed(&COURSE_CODE));
    Some(MembershipRow { student: student?, group: group?, starts_on, ends_on, course, course_code })
}
