//! Courses, teaching groups and a tutor of the demonstration school.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};
use domain::authorization::role::Role;
use domain::groups::name::GroupName;
use domain::ids::{AcademicYearId, CourseId, GroupId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::students::DemoStudent;
use crate::groups::create::{NewGroup, insert};
use crate::groups::members::add;
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result};

/// Courses: code, name and the codes of what it adds, each after what it adds.
const COURSES: [(&str, &str, &[&str]); 7] = [
    ("ST1", "Statistics 1", &[]),
    ("ME1", "Mechanics 1", &[]),
    ("ST2", "Statistics 2", &[]),
    ("ME2", "Mechanics 2", &[]),
    ("MA1", "Mathematics Year 1 (AS)", &["ST1", "ME1"]),
    ("MA2", "Mathematics Year 2", &["ST2", "ME2"]),
    ("EN1", "English Literature", &[]),
];

/// Teaching groups: name, course, the year group they are filled from, and how many are in them.
const GROUPS: [(&str, &str, &str, usize); 3] = [
    ("12A Mathematics", "MA1", "12", 18),
    ("13A Mathematics", "MA2", "13", 16),
    ("12B English", "EN1", "12", 20),
];

/// The academic year that a day is in: from 1 September to 31 August.
fn year_of(day: NaiveDate) -> Option<(String, NaiveDate, NaiveDate)> {
    let first = if day.month() >= 9 { day.year() } else { day.year() - 1 };
    let (starts, ends) = (NaiveDate::from_ymd_opt(first, 9, 1)?, NaiveDate::from_ymd_opt(first + 1, 8, 31)?);
    Some((format!("{first}/{:02}", (first + 1) % 100), starts, ends))
}

/// Loads them. The first group gets the tutor, if there is one.
pub(super) async fn load_groups(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
    (people, students): (&[PersonId], &[DemoStudent]),
    tutor: Option<PersonId>,
) -> Result<()> {
    let (name, starts_on, ends_on) =
        year_of(school.today).ok_or_else(|| Error::unexpected("a day without a year"))?;
    let year: AcademicYearId = backend.new_id();
    sqlx::query(
        "INSERT INTO academic_years (id, organisation_id, school_id, name, starts_on, ends_on, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(year.0)
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(name)
    .bind(starts_on)
    .bind(ends_on)
    .bind(backend.now())
    .execute(&mut *connection)
    .await?;
    let courses = load_courses(backend, connection, school).await?;
    let of =
        |code: &str| COURSES.iter().position(|(known, ..)| *known == code).map(|at| CourseId(courses[at]));
    for (at, (name, course, year_group, many)) in GROUPS.into_iter().enumerate() {
        let courses: BTreeSet<CourseId> = of(course).into_iter().collect();
        let new = NewGroup {
            name: name.parse::<GroupName>().map_err(Error::unexpected)?,
            year: Some(year),
            courses,
        };
        let group = insert(backend, connection, school, &new).await?;
        let members: Vec<PersonId> = people
            .iter()
            .zip(students)
            .filter(|(_, student)| {
                student.year.ends_with(year_group)
                    && student.starts_on <= school.today
                    && student.ends_on.is_none_or(|last| last >= school.today)
            })
            .map(|(person, _)| *person)
            .skip(at)
            .take(many)
            .collect();
        add(backend, connection, school.organisation, group, (&members, starts_on)).await?;
        if let (0, Some(tutor)) = (at, tutor) {
            give_group(backend, connection, school, (tutor, group), starts_on).await?;
        }
    }
    Ok(())
}

/// Puts the tutor on the staff list, and narrows their role to a group.
async fn give_group(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
    (tutor, group): (PersonId, GroupId),
    starts_on: NaiveDate,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO employments (id, organisation_id, school_id, person_id, staff_code, starts_on, created_at, updated_at)
         VALUES ($1, $2, $3, $4, 'NBA', $5, $6, $6)",
    )
    .bind(backend.new_id::<Uuid>())
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(tutor.0)
    .bind(starts_on)
    .bind(backend.now())
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE staff_roles SET school_id = $3, group_id = $4 WHERE organisation_id = $1 AND person_id = $2 AND role = $5",
    )
    .bind(school.organisation.0)
    .bind(tutor.0)
    .bind(school.school.0)
    .bind(group.0)
    .bind(Role::GroupTutor.slug())
    .execute(connection)
    .await?;
    Ok(())
}

/// Loads the courses, and returns their ids in order.
async fn load_courses(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
) -> Result<Vec<Uuid>> {
    let ids: Vec<Uuid> = COURSES.iter().map(|_| backend.new_id::<CourseId>().0).collect();
    sqlx::query(
        "INSERT INTO courses (id, organisation_id, school_id, code, name, created_at)
         SELECT new.id, $1, $2, new.code, new.name, $3 FROM unnest($4::uuid[], $5::text[], $6::text[]) AS new (id, code, name)",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(backend.now())
    .bind(&ids)
    .bind(COURSES.iter().map(|(code, ..)| *code).collect::<Vec<_>>())
    .bind(COURSES.iter().map(|(_, name, _)| *name).collect::<Vec<_>>())
    .execute(&mut *connection)
    .await?;
    let additions = COURSES.iter().flat_map(|(code, _, adds)| adds.iter().map(move |added| (*code, *added)));
    let (courses, added): (Vec<&str>, Vec<&str>) = additions.unzip();
    sqlx::query(
        "INSERT INTO course_additions (organisation_id, school_id, course_id, adds_id, created_at)
         SELECT $1, $2, c.id, a.id, $3 FROM unnest($4::text[], $5::text[]) AS rule (course, added)
         JOIN courses c ON c.school_id = $2 AND c.code = rule.course
         JOIN courses a ON a.school_id = $2 AND a.code = rule.added",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(backend.now())
    .bind(courses)
    .bind(added)
    .execute(connection)
    .await?;
    Ok(ids)
}
