//! Courses, and the rule by which a course adds its modules.

use std::collections::{BTreeMap, BTreeSet};

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::fields::FieldErrors;
use domain::groups::additions::Additions;
use domain::groups::name::{CourseCode, GroupName};
use domain::ids::{CourseId, SchoolId};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::audit::{AuditEntry, record};
use crate::error::breaks_constraint;
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::{InSchool, School};
use crate::{Backend, Error, Result};

/// A course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Its id.
    pub id: CourseId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The courses that it adds, directly.
    pub adds: BTreeSet<CourseId>,
    /// Whether it is still offered.
    pub offered: bool,
    /// How many open groups take it.
    pub groups: i64,
}

/// The submitted form.
#[derive(Debug, Clone, Default)]
pub struct CourseForm {
    /// The code.
    pub code: String,
    /// The name.
    pub name: String,
    /// What it adds.
    pub adds: BTreeSet<CourseId>,
}

#[derive(sqlx::FromRow)]
struct CourseRow {
    id: Uuid,
    code: String,
    name: String,
    adds: Vec<Uuid>,
    offered: bool,
    groups: i64,
}

/// Returns the courses of a school by name, those that are no longer offered last.
pub async fn courses(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<Vec<Course>> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ViewRoll, InSchool(school)).await?;
    load(&mut transaction, &at).await
}

/// See [`courses`].
pub(crate) async fn load(connection: &mut PgConnection, at: &SchoolContext) -> Result<Vec<Course>> {
    let rows = sqlx::query_as::<_, CourseRow>(
        "SELECT c.id, c.code, c.name, c.ended_at IS NULL AS offered,
                ARRAY(SELECT a.adds_id FROM course_additions a WHERE a.course_id = c.id) AS adds,
                (SELECT count(*) FROM group_courses gc JOIN groups g ON g.id = gc.group_id
                 WHERE gc.course_id = c.id AND g.closed_at IS NULL) AS groups
         FROM courses c WHERE c.organisation_id = $1 AND c.school_id = $2
         ORDER BY c.ended_at IS NOT NULL, lower(c.name), c.id",
    )
    .bind(at.organisation.0)
    .bind(at.school.0)
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Course {
            id: CourseId(row.id),
            code: row.code,
            name: row.name,
            adds: row.adds.into_iter().map(CourseId).collect(),
            offered: row.offered,
            groups: row.groups,
        })
        .collect())
}

/// Creates a course, or changes one. Open groups that chose it take what it adds from now on.
///
/// # Errors
/// For fields that cannot be read, a name or code of another course, and a rule that adds itself: the sentence names its
/// way.
pub async fn save(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (id, form): (Option<CourseId>, &CourseForm),
) -> Result<CourseId> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGroups, School(school)).await?;
    let mut errors = FieldErrors::default();
    let code = errors.take("code", form.code.parse::<CourseCode>());
    let name = errors.take("name", form.name.parse::<GroupName>());
    let (Some(code), Some(name)) = (code, name) else { return Err(errors.into()) };
    lock(&mut transaction, &at).await?;
    let known = load(&mut transaction, &at).await?;
    if form.adds.iter().any(|added| known.iter().all(|course| course.id != *added)) {
        return Err(Error::NotFound("course"));
    }
    let course = id.unwrap_or_else(|| backend.new_id());
    refuse_circle(&known, course, &name, &form.adds)?;
    write(backend, &mut transaction, &at, (course, id.is_none()), (&code, &name)).await?;
    write_additions(backend, &mut transaction, &at, course, &form.adds).await?;
    take_additions(backend, &mut transaction, &at).await?;
    let entry = AuditEntry::new(AuditAction::CourseChanged)
        .subject("course", course.0)
        .details(json!({ "course": course, "new": id.is_none(), "adds": form.adds }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(course)
}

/// Ends a course, or offers it again. Groups that have it keep it.
pub async fn offer(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (course, offered): (CourseId, bool),
) -> Result<()> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGroups, School(school)).await?;
    let changed = sqlx::query(
        "UPDATE courses SET ended_at = CASE WHEN $4 THEN NULL ELSE coalesce(ended_at, $5) END
         WHERE organisation_id = $1 AND school_id = $2 AND id = $3",
    )
    .bind(at.organisation.0)
    .bind(school.0)
    .bind(course.0)
    .bind(offered)
    .bind(backend.now())
    .execute(&mut *transaction)
    .await
    .map_err(taken)?;
    if changed.rows_affected() == 0 {
        return Err(Error::NotFound("course"));
    }
    let entry = AuditEntry::new(AuditAction::CourseChanged)
        .subject("course", course.0)
        .details(json!({ "course": course, "offered": offered }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}

/// Of two changes of a school's rule at once, the second sees the first: together they could make a circle.
async fn lock(connection: &mut PgConnection, at: &SchoolContext) -> Result<()> {
    // An arbitrary number that nothing else locks, and the school.
    sqlx::query("SELECT pg_advisory_xact_lock(x'67726375'::int, hashtext($1::text))")
        .bind(at.school.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// The rule that these courses make.
pub(crate) fn rule<'a>(courses: impl IntoIterator<Item = &'a Course>) -> Additions {
    Additions::of(courses.into_iter().flat_map(|course| course.adds.iter().map(|added| (course.id, *added))))
}

/// Refuses additions by which the course would add itself, with the way they take.
fn refuse_circle(
    known: &[Course],
    course: CourseId,
    name: &GroupName,
    adds: &BTreeSet<CourseId>,
) -> Result<()> {
    let others = rule(known.iter().filter(|other| other.id != course));
    let Some(way) = adds.iter().find_map(|added| others.circle(course, *added)) else { return Ok(()) };
    let names: BTreeMap<CourseId, &str> =
        known.iter().map(|course| (course.id, course.name.as_str())).collect();
    let steps: Vec<&str> = std::iter::once(name.as_str())
        .chain(way.iter().map(|step| {
            if *step == course { name.as_str() } else { names.get(step).copied().unwrap_or_default() }
        }))
        .collect();
    Err(FieldErrors::one(
        "adds",
        format!("{name} would add itself: {}. Leave out one of these steps.", steps.join(" adds ")),
    )
    .into())
}

async fn write(
    backend: &Backend,
    connection: &mut PgConnection,
    at: &SchoolContext,
    (course, new): (CourseId, bool),
    (code, name): (&CourseCode, &GroupName),
) -> Result<()> {
    if new {
        sqlx::query(
            "INSERT INTO courses (id, organisation_id, school_id, code, name, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(course.0)
        .bind(at.organisation.0)
        .bind(at.school.0)
        .bind(code.as_str())
        .bind(name.as_str())
        .bind(backend.now())
        .execute(connection)
        .await
        .map_err(taken)?;
        return Ok(());
    }
    let changed = sqlx::query(
        "UPDATE courses SET code = $4, name = $5 WHERE organisation_id = $2 AND school_id = $3 AND id = $1",
    )
    .bind(course.0)
    .bind(at.organisation.0)
    .bind(at.school.0)
    .bind(code.as_str())
    .bind(name.as_str())
    .execute(connection)
    .await
    .map_err(taken)?;
    if changed.rows_affected() == 0 { Err(Error::NotFound("course")) } else { Ok(()) }
}

fn taken(error: sqlx::Error) -> Error {
    if breaks_constraint(&error, "courses_code_key") {
        FieldErrors::one("code", "Another course has this code. Choose another.").into()
    } else if breaks_constraint(&error, "courses_name_key") {
        FieldErrors::one("name", "Another course has this name. Choose another.").into()
    } else {
        error.into()
    }
}

async fn write_additions(
    backend: &Backend,
    connection: &mut PgConnection,
    at: &SchoolContext,
    course: CourseId,
    adds: &BTreeSet<CourseId>,
) -> Result<()> {
    let adds: Vec<Uuid> = adds.iter().map(|added| added.0).collect();
    sqlx::query(
        "DELETE FROM course_additions WHERE organisation_id = $1 AND course_id = $2 AND adds_id <> ALL ($3)",
    )
    .bind(at.organisation.0)
    .bind(course.0)
    .bind(&adds)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO course_additions (organisation_id, school_id, course_id, adds_id, created_at)
         SELECT $1, $2, $3, added, $4 FROM unnest($5::uuid[]) AS added
         ON CONFLICT DO NOTHING",
    )
    .bind(at.organisation.0)
    .bind(at.school.0)
    .bind(course.0)
    .bind(backend.now())
    .bind(&adds)
    .execute(connection)
    .await?;
    Ok(())
}

/// Brings what open groups take in line with the rule: one statement for all of them.
pub(super) async fn take_additions(
    backend: &Backend,
    connection: &mut PgConnection,
    at: &SchoolContext,
) -> Result<()> {
    sqlx::query(
        "WITH RECURSIVE open AS (
             SELECT id FROM groups WHERE organisation_id = $1 AND school_id = $2 AND closed_at IS NULL),
         taken (group_id, course_id) AS (
             SELECT gc.group_id, gc.course_id FROM group_courses gc JOIN open ON open.id = gc.group_id WHERE gc.chosen
             UNION
             SELECT taken.group_id, a.adds_id FROM taken JOIN course_additions a ON a.course_id = taken.course_id),
         dropped AS (
             DELETE FROM group_courses gc USING open
             WHERE gc.group_id = open.id AND NOT gc.chosen
               AND NOT EXISTS (SELECT FROM taken WHERE taken.group_id = gc.group_id AND taken.course_id = gc.course_id))
         INSERT INTO group_courses (organisation_id, school_id, group_id, course_id, chosen, created_at)
         SELECT $1, $2, taken.group_id, taken.course_id, false, $3 FROM taken
         ON CONFLICT (group_id, course_id) DO NOTHING",
    )
    .bind(at.organisation.0)
    .bind(at.school.0)
    .bind(backend.now())
    .execute(connection)
    .await?;
    Ok(())
}
