//! The course of a group that a file creates.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::MembershipRow;
use crate::groups::name::{CourseCode, GroupName};
use crate::ids::CourseId;
use crate::imports::note::Note;

/// The code for a course that is created.
pub const COURSE_NEW: &str = "course_new";
/// The code for a course that the school does not have, and the file has no code for.
pub const COURSE_UNKNOWN: &str = "course_unknown";
/// The code for a course of a group that the school has already.
pub const COURSE_KEPT: &str = "course_kept";

/// A course of the school, or one that the file creates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CourseRef {
    /// One that the school has.
    Known(CourseId),
    /// A new one.
    New(CourseCode, GroupName),
}

/// The courses that the school offers.
#[derive(Debug, Clone, Default)]
pub struct KnownCourses {
    /// By code.
    pub codes: HashMap<String, CourseId>,
    /// By name in lower case.
    pub names: HashMap<String, CourseId>,
}

/// What is said of courses while a file is planned: each thing once.
#[derive(Debug, Default)]
pub(super) struct CoursesSaid {
    new: HashMap<String, GroupName>,
    told: HashSet<String>,
    kept: BTreeSet<String>,
}

impl CoursesSaid {
    /// The course that a row gives its new group, and what is to be told of it.
    pub(super) fn of(
        &mut self,
        row: &MembershipRow,
        known: &KnownCourses,
    ) -> (Option<CourseRef>, Option<Note>) {
        let (code, name) = (row.course_code.value(), row.course.value());
        let by_code = code.and_then(|code| known.codes.get(code.as_str()));
        let by_name = name.and_then(|name| known.names.get(&name.as_str().to_lowercase()));
        if let Some(course) = by_code.or(by_name) {
            return (Some(CourseRef::Known(*course)), None);
        }
        match (code, name) {
            (Some(code), Some(name)) => {
                let is_first = !self.new.contains_key(code.as_str());
                let name = self.new.entry(code.as_str().to_owned()).or_insert_with(|| name.clone()).clone();
                let note = is_first.then(|| Note::new(COURSE_NEW).quoting(name.as_str()));
                (Some(CourseRef::New(code.clone(), name)), note)
            }
            (None, None) => (None, None),
            (code, name) => {
                let said = name.map(GroupName::as_str).or(code.map(CourseCode::as_str)).unwrap_or_default();
                let is_first = self.told.insert(said.to_lowercase());
                (None, is_first.then(|| Note::new(COURSE_UNKNOWN).quoting(said)))
            }
        }
    }

    /// What is told of a course of a group that the school has already: its courses stay.
    pub(super) fn kept(&mut self, row: &MembershipRow) -> Option<Note> {
        row.course.value()?;
        self.kept.insert(row.group_key()).then(|| Note::new(COURSE_KEPT).quoting(row.group.as_str()))
    }
}
