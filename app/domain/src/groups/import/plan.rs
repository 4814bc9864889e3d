//! What each row of a list of memberships does.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use uuid::Uuid;

use super::course::{CoursesSaid, KnownCourses};
use super::which::GroupIndex;
use super::write::{GroupRef, MembershipWrite};
use super::{LAST_DAY, MembershipRow};
use crate::ids::{AcademicYearId, GroupId, PersonId};
use crate::imports::note::{Note, Verdict};
use crate::imports::outcome::RowOutcome;

/// The code for a student whom the school does not have.
pub const STUDENT_UNKNOWN: &str = "student_unknown";
/// The code for a group that is created.
pub const GROUP_NEW: &str = "group_new";
/// The code for a row that says what another said.
pub const TWICE: &str = "twice";
/// The code for a membership that would end before it begins.
pub const ENDED_ALREADY: &str = "ended_already";
/// The code for a membership that is over, in a group that is not here.
pub const OVER: &str = "over_already";
/// The code for a last day before the first day of the membership that it would end.
pub const ENDS_BEFORE: &str = "ends_before";

/// A membership that lasts on the day of the file, or begins later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandingMembership {
    /// Its id.
    pub id: Uuid,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day.
    pub ends_on: Option<NaiveDate>,
}

/// What the school has.
#[derive(Debug, Clone, Default)]
pub struct KnownGroups {
    /// The open groups, and the years.
    pub groups: GroupIndex,
    /// The courses.
    pub courses: KnownCourses,
    /// The groups among them that take a course.
    pub studying: HashSet<GroupId>,
    /// The students, by admission number.
    pub students: HashMap<String, PersonId>,
    /// Who is in which group.
    pub members: HashMap<(GroupId, PersonId), StandingMembership>,
}

/// The verdict on each row, in their order. `day` is that of the file: without a first day, a membership begins on it.
pub fn plan(
    rows: &[(u32, &MembershipRow)],
    known: &KnownGroups,
    day: NaiveDate,
) -> Vec<Verdict<MembershipWrite>> {
    let mut said: HashMap<(String, Option<AcademicYearId>, PersonId), u32> = HashMap::new();
    let mut made: HashSet<(String, Option<AcademicYearId>)> = HashSet::new();
    let mut courses = CoursesSaid::default();
    rows.iter()
        .map(|(number, row)| {
            let Some(person) = known.students.get(row.student.as_str()).copied() else {
                return Verdict::rejected(Note::new(STUDENT_UNKNOWN).quoting(row.student.as_str()));
            };
            let key = row.group_key();
            let days = (row.starts_on.value().copied(), row.ends_on.value().copied());
            let (group, year) = known.groups.find(&row.group, days, day);
            if let Some(first) = said.get(&(key.clone(), year, person)) {
                return Verdict::told(RowOutcome::Skipped, Note::new(TWICE).with("row", first));
            }
            said.insert((key.clone(), year, person), *number);
            if let Some(standing) =
                group.and_then(|group| known.members.get(&(group, person)).map(|found| (group, found)))
            {
                let mut stands = stands(row, person, standing);
                if known.studying.contains(&standing.0) {
                    stands.notes.extend(courses.kept(row));
                }
                return stands;
            }
            let starts_on = row.starts_on.value().copied().unwrap_or(day);
            let ends_on = row.ends_on.value().copied();
            if ends_on.is_some_and(|last| last < starts_on) {
                return Verdict::told(RowOutcome::Skipped, Note::new(ENDED_ALREADY));
            }
            // No group is made of what is over.
            if group.is_none() && ends_on.is_some_and(|last| last < day) {
                return Verdict::told(RowOutcome::Skipped, Note::new(OVER));
            }
            let is_new = group.is_none() && made.insert((key, year));
            let mut notes: Vec<Note> =
                is_new.then(|| Note::new(GROUP_NEW).quoting(row.group.as_str())).into_iter().collect();
            let course = if group.is_none() {
                let (course, note) = courses.of(row, &known.courses);
                notes.extend(note);
                course
            } else {
                None
            };
            if group.is_some_and(|group| known.studying.contains(&group)) {
                notes.extend(courses.kept(row));
            }
            let group = group.map_or_else(|| GroupRef::New(row.group.clone(), year), GroupRef::Known);
            let write = MembershipWrite { group, person, existing: None, starts_on, ends_on, course };
            Verdict { outcome: RowOutcome::Added, code: "new".into(), notes, write: Some(write), held: None }
        })
        .collect()
}

/// A row about a membership that stands: only its last day can change.
fn stands(
    row: &MembershipRow,
    person: PersonId,
    (group, standing): (GroupId, &StandingMembership),
) -> Verdict<MembershipWrite> {
    let Some(last) = row.ends_on.value().copied().filter(|last| Some(*last) != standing.ends_on) else {
        return Verdict::unchanged(Vec::new(), None);
    };
    if last < standing.starts_on {
        return Verdict::rejected(Note::new(ENDS_BEFORE).with("starts", standing.starts_on));
    }
    let old = standing.ends_on.map(|day| day.to_string()).unwrap_or_default();
    let write = MembershipWrite {
        group: GroupRef::Known(group),
        person,
        existing: Some(standing.id),
        starts_on: standing.starts_on,
        ends_on: Some(last),
        course: None,
    };
    Verdict {
        outcome: RowOutcome::Updated,
        code: "changed".into(),
        notes: vec![Note::changed(&LAST_DAY, old, last)],
        write: Some(write),
        held: None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::course::{COURSE_NEW, COURSE_UNKNOWN, CourseRef};
    use super::*;
    use crate::ids::CourseId;
    use crate::imports::cells::CellValue;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    fn row(student: &str, group: &str, ends_on: Option<NaiveDate>) -> MembershipRow {
        MembershipRow {
            student: student.parse().unwrap(),
            group: group.parse().unwrap(),
            starts_on: CellValue::Nothing,
            ends_on: ends_on.map_or(CellValue::Nothing, CellValue::Value),
            course: CellValue::Nothing,
            course_code: CellValue::Nothing,
        }
    }

    #[test]
    fn a_new_group_takes_the_course_that_is_known_or_can_be_made() {
        let maths = CourseId(Uuid::from_u128(7));
        let known = KnownGroups {
            courses: KnownCourses { names: [("maths".to_owned(), maths)].into(), ..KnownCourses::default() },
            students: [("1".to_owned(), PersonId(Uuid::from_u128(2)))].into(),
            ..KnownGroups::default()
        };
        let with = |group, course: &str, code: Option<&str>| MembershipRow {
            course: CellValue::Value(course.parse().unwrap()),
            course_code: code.map_or(CellValue::Nothing, |code| CellValue::Value(code.parse().unwrap())),
            ..row("1", group, None)
        };
        let rows = [with("12A", "MATHS", None), with("12B", "Art", Some("AR")), with("12C", "Drama", None)];
        let numbered: Vec<(u32, &MembershipRow)> = (2..).zip(&rows).collect();
        let verdicts = plan(&numbered, &known, day(11, 21));
        let course = |at: usize| verdicts[at].write.as_ref().unwrap().course.clone();
        let last = |at: usize| verdicts[at].notes.last().unwrap().code.to_string();
        assert_eq!(course(0), Some(CourseRef::Known(maths)));
        assert_eq!(course(1), Some(CourseRef::New("AR".parse().unwrap(), "Art".parse().unwrap())));
        assert_eq!((course(2), last(1), last(2)), (None, COURSE_NEW.to_owned(), COURSE_UNKNOWN.to_owned()));
    }

    #[test]
    fn a_row_adds_changes_or_says_why_not() {
        let (group, ann) = (GroupId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)));
        let bo = PersonId(Uuid::from_u128(3));
        let standing = StandingMembership { id: Uuid::from_u128(4), starts_on: day(9, 1), ends_on: None };
        let known = KnownGroups {
            groups: GroupIndex::of([("12A".to_owned(), group, None)], Vec::new()),
            students: [("1".to_owned(), ann), ("2".to_owned(), bo)].into(),
            members: [((group, ann), standing)].into(),
            ..KnownGroups::default()
        };
        let rows = [
            row("1", "12A", None),
            row("2", "12a", None),
            row("2", "12A", None),
            row("3", "12A", None),
            row("1", "12B", None),
            row("2", "12b", Some(day(10, 1))),
        ];
        let numbered: Vec<(u32, &MembershipRow)> = (2..).zip(&rows).collect();
        let verdicts = plan(&numbered, &known, day(11, 21));
        let told: Vec<_> = verdicts
            .iter()
            .map(|verdict| (verdict.outcome, verdict.notes.first().map(|note| note.code.to_string())))
            .collect();
        let code = |code: &str| Some(code.to_owned());
        assert_eq!(
            told,
            [
                (RowOutcome::Unchanged, None),
                (RowOutcome::Added, None),
                (RowOutcome::Skipped, code(TWICE)),
                (RowOutcome::Rejected, code(STUDENT_UNKNOWN)),
                (RowOutcome::Added, code(GROUP_NEW)),
                (RowOutcome::Skipped, code(ENDED_ALREADY)),
            ]
        );
        let ended = row("1", "12A", Some(day(12, 18)));
        let changed = plan(&[(2, &ended)], &known, day(11, 21));
        assert_eq!(
            (changed[0].outcome, changed[0].write.as_ref().unwrap().ends_on),
            (RowOutcome::Updated, Some(day(12, 18)))
        );
        let early = row("1", "12A", Some(day(8, 1)));
        assert_eq!(plan(&[(2, &early)], &known, day(11, 21))[0].outcome, RowOutcome::Rejected);
    }
}
