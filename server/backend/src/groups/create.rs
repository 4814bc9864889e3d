//! Creating a teaching group: its name, its courses with the modules they add, its tutors.

use std::collections::BTreeSet;

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::fields::FieldErrors;
use domain::groups::additions::Additions;
use domain::groups::name::GroupName;
use domain::ids::{AcademicYearId, CourseId, GroupId, PersonId, SchoolId};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::tutors::{TutorChoice, choices, refuse_strangers};
use super::{courses, years};
use crate::audit::{AuditEntry, record_all};
use crate::authorization::roles::tutors::appoint;
use crate::error::breaks_constraint;
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::School;
use crate::{Backend, Error, Result};

/// The submitted form.
#[derive(Debug, Clone, Default)]
pub struct GroupForm {
    /// The name.
    pub name: String,
    /// The year; `None` for a group of no year.
    pub year: Option<AcademicYearId>,
    /// The courses that were chosen.
    pub courses: BTreeSet<CourseId>,
    /// The tutors.
    pub tutors: Vec<PersonId>,
}

/// What the form offers.
#[derive(Debug, Clone)]
pub struct GroupOffer {
    /// The years of the school, the latest first.
    pub years: Vec<years::AcademicYear>,
    /// The year of today, or the next.
    pub current: Option<AcademicYearId>,
    /// The courses that are offered.
    pub courses: Vec<courses::Course>,
    /// Who can be a tutor.
    pub staff: Vec<TutorChoice>,
}

/// Returns what a form for a group of this school offers.
pub async fn offer(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<GroupOffer> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGroups, School(school)).await?;
    let years = years::load(&mut transaction, &at).await?;
    let courses = courses::load(&mut transaction, &at).await?;
    let staff = choices(&mut transaction, &at, actor).await?;
    let current = years::current(&years, at.today).map(|year| year.id);
    Ok(GroupOffer { years, current, courses, staff })
}

/// Creates a teaching group with its courses and tutors, and returns it.
///
/// # Errors
/// For a name that cannot be read or is another group's, and for tutors whom the actor may not appoint.
#[tracing::instrument(skip_all)]
pub async fn create(backend: &Backend, actor: &Actor, school: SchoolId, form: &GroupForm) -> Result<GroupId> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGroups, School(school)).await?;
    let name = form.name.parse::<GroupName>().map_err(|error| FieldErrors::one("name", error.to_string()))?;
    let new = NewGroup { name, year: form.year, courses: form.courses.clone() };
    let group = insert(backend, &mut transaction, &at, &new).await?;
    refuse_strangers(&mut transaction, &at, &form.tutors).await?;
    let (mut transaction, roles) =
        appoint(backend, transaction, actor, (school, group), &form.tutors).await?;
    let created = AuditEntry::new(AuditAction::GroupCreated)
        .subject("group", group.0)
        .details(json!({ "group": group, "courses": form.courses, "year": form.year }));
    let entries = std::iter::once(created).chain(roles).collect();
    record_all(backend, &mut transaction, actor, entries).await?;
    transaction.commit().await?;
    Ok(group)
}

/// A teaching group to create.
#[derive(Debug, Clone)]
pub struct NewGroup {
    /// Its name.
    pub name: GroupName,
    /// The year it belongs to; `None` for a group of no year.
    pub year: Option<AcademicYearId>,
    /// The courses that were chosen. What they add is added.
    pub courses: BTreeSet<CourseId>,
}

/// Creates a teaching group in the caller's transaction. It has no tutors and no members yet.
///
/// # Errors
/// A conflict if an open group of that school and year has the name, or a course is not the school's.
pub(crate) async fn insert(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
    new: &NewGroup,
) -> Result<GroupId> {
    let group: GroupId = backend.new_id();
    sqlx::query(
        "INSERT INTO groups (id, organisation_id, school_id, kind, code, name, academic_year_id, created_at)
         VALUES ($1, $2, $3, 'teaching', $4, $4, $5, $6)",
    )
    .bind(group.0)
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(new.name.as_str())
    .bind(new.year.map(|year| year.0))
    .bind(backend.now())
    .execute(&mut *connection)
    .await
    .map_err(|error| name_taken(error, &new.name))?;
    take_courses(backend, connection, school, group, &new.courses).await?;
    Ok(group)
}

/// Says that the name is another group's.
pub(super) fn name_taken(error: sqlx::Error, name: &GroupName) -> Error {
    if breaks_constraint(&error, "groups_academic_year_fkey") {
        return Error::NotFound("academic year");
    }
    if ["groups_name_key", "groups_code_key"].iter().any(|constraint| breaks_constraint(&error, constraint)) {
        Error::conflict(
            "group_name_taken",
            format!(
                "There is already a teaching group called {name}. Choose another name, or open that group."
            ),
        )
    } else {
        error.into()
    }
}

/// Makes these the courses of a group, with the modules they add.
pub(crate) async fn take_courses(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
    group: GroupId,
    chosen: &BTreeSet<CourseId>,
) -> Result<()> {
    let pairs: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "SELECT course_id, adds_id FROM course_additions WHERE organisation_id = $1 AND school_id = $2",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .fetch_all(&mut *connection)
    .await?;
    let rule = Additions::of(pairs.into_iter().map(|(course, added)| (CourseId(course), CourseId(added))));
    let taken: Vec<Uuid> = rule.with(chosen).into_iter().map(|course| course.0).collect();
    sqlx::query(
        "DELETE FROM group_courses WHERE organisation_id = $1 AND group_id = $2 AND course_id <> ALL ($3)",
    )
    .bind(school.organisation.0)
    .bind(group.0)
    .bind(&taken)
    .execute(&mut *connection)
    .await?;
    let known = sqlx::query(
        "INSERT INTO group_courses (organisation_id, school_id, group_id, course_id, chosen, created_at)
         SELECT c.organisation_id, c.school_id, $3, c.id, c.id = ANY ($5), $6
         FROM courses c WHERE c.organisation_id = $1 AND c.school_id = $2 AND c.id = ANY ($4)
         ON CONFLICT (group_id, course_id) DO UPDATE SET chosen = excluded.chosen",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(group.0)
    .bind(&taken)
    .bind(chosen.iter().map(|course| course.0).collect::<Vec<_>>())
    .bind(backend.now())
    .execute(connection)
    .await?
    .rows_affected();
    if usize::try_from(known).unwrap_or(usize::MAX) == taken.len() {
        Ok(())
    } else {
        Err(Error::NotFound("course"))
    }
}
