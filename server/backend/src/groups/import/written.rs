//! The tables that an import of memberships writes.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::breaks_constraint;
use crate::groups::courses::take_additions;
use crate::imports::kind::Importing;
use crate::imports::written::WrittenTable;
use crate::{Error, Result};

/// Groups that are new.
pub(super) const GATHER_GROUPS: &str =
    "CREATE TEMPORARY TABLE import_groups (id uuid, name text, year_id uuid) ON COMMIT DROP";
/// Memberships, new ones and those that get another last day.
pub(super) const GATHER_MEMBERS: &str =
    "CREATE TEMPORARY TABLE import_members (id uuid, is_new boolean, group_id uuid, person_id uuid, starts_on date,
         ends_on date) ON COMMIT DROP";

/// Courses that are new.
pub(super) const GATHER_COURSES: &str =
    "CREATE TEMPORARY TABLE import_courses (id uuid, code text, name text) ON COMMIT DROP";
/// What new groups study.
pub(super) const GATHER_STUDIES: &str =
    "CREATE TEMPORARY TABLE import_studies (group_id uuid, course_id uuid) ON COMMIT DROP";

/// Courses. Each new one has a group with a member, whose it is in the undo log. One that other groups or the rule of courses
/// have by then stays.
pub(super) const COURSES: WrittenTable = WrittenTable {
    before: "SELECT id FROM import_courses WHERE $1::uuid IS NULL",
    after: "INSERT INTO import_writes (organisation_id, import_id, kind, id, person_id, before, left_as)
            SELECT DISTINCT ON (c.id) $1::uuid, $2::uuid, 'course', c.id, m.person_id, NULL::jsonb, hashtextextended(c.name, 0)
            FROM import_courses c JOIN import_studies s ON s.course_id = c.id JOIN import_members m ON m.group_id = s.group_id
            ORDER BY c.id, m.person_id",
    remove: "DELETE FROM courses c WHERE c.organisation_id = $1
               AND c.id IN (SELECT id FROM import_writes WHERE import_id = $2 AND kind = 'course' AND before IS NULL)
               AND NOT EXISTS (SELECT FROM group_courses g WHERE g.course_id = c.id)
               AND NOT EXISTS (SELECT FROM course_additions a WHERE c.id IN (a.course_id, a.adds_id))",
    restore: &[],
};

/// Groups. Each new one has a member, whose it is in the undo log.
pub(super) const GROUPS: WrittenTable = WrittenTable {
    before: "SELECT id FROM import_groups WHERE $1::uuid IS NULL",
    after: "INSERT INTO import_writes (organisation_id, import_id, kind, id, person_id, before, left_as)
            SELECT DISTINCT ON (g.id) $1::uuid, $2::uuid, 'group', g.id, m.person_id, NULL::jsonb, hashtextextended(g.name, 0)
            FROM import_groups i JOIN groups g ON g.id = i.id JOIN import_members m ON m.group_id = g.id
            ORDER BY g.id, m.person_id",
    remove: "WITH made AS (SELECT id FROM import_writes WHERE import_id = $2 AND kind = 'group' AND before IS NULL),
                  studied AS (DELETE FROM group_courses WHERE organisation_id = $1 AND group_id IN (SELECT id FROM made))
             DELETE FROM groups WHERE organisation_id = $1 AND id IN (SELECT id FROM made)",
    restore: &[],
};

/// Memberships.
pub(super) const MEMBERS: WrittenTable = WrittenTable {
    before: "INSERT INTO import_before (kind, id, person_id, before)
             SELECT 'member', m.id, m.person_id, to_jsonb(m)
             FROM import_members i JOIN group_members m ON m.id = i.id WHERE NOT i.is_new AND m.organisation_id = $1",
    after: "INSERT INTO import_writes (organisation_id, import_id, kind, id, person_id, before, left_as)
            SELECT $1::uuid, $2::uuid, 'member', m.id, m.person_id, b.before,
                   hashtextextended(concat_ws(' ', m.starts_on, m.ends_on), 0)
            FROM import_members i JOIN group_members m ON m.id = i.id
            LEFT JOIN import_before b ON b.kind = 'member' AND b.id = m.id",
    remove: "DELETE FROM group_members WHERE organisation_id = $1
               AND id IN (SELECT id FROM import_writes WHERE import_id = $2 AND kind = 'member' AND before IS NULL)",
    restore: &["UPDATE group_members m SET ends_on = b.ends_on
         FROM import_writes w, jsonb_populate_record(NULL::group_members, w.before) b
         WHERE m.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'member' AND w.before IS NOT NULL AND m.id = w.id"],
};

/// Writes what was gathered. New groups are of the year that their first row is in, and study what their courses add.
pub(super) async fn apply(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<()> {
    sqlx::query(
        "INSERT INTO groups (id, organisation_id, school_id, kind, code, name, academic_year_id, created_at)
         SELECT i.id, $1, $2, 'teaching', i.name, i.name, i.year_id, $3 FROM import_groups i",
    )
    .bind(cx.school.organisation.0)
    .bind(cx.school.school.0)
    .bind(cx.backend.now())
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO courses (id, organisation_id, school_id, code, name, created_at)
         SELECT i.id, $1, $2, i.code, i.name, $3 FROM import_courses i",
    )
    .bind(cx.school.organisation.0)
    .bind(cx.school.school.0)
    .bind(cx.backend.now())
    .execute(&mut *connection)
    .await
    .map_err(course_taken)?;
    sqlx::query(
        "INSERT INTO group_courses (organisation_id, school_id, group_id, course_id, chosen, created_at)
         SELECT $1, $2, i.group_id, i.course_id, true, $3 FROM import_studies i",
    )
    .bind(cx.school.organisation.0)
    .bind(cx.school.school.0)
    .bind(cx.backend.now())
    .execute(&mut *connection)
    .await?;
    take_additions(cx.backend, connection, cx.school).await?;
    sqlx::query(
        "INSERT INTO group_members (id, organisation_id, group_id, person_id, starts_on, ends_on, created_at)
         SELECT i.id, $1, i.group_id, i.person_id, i.starts_on, i.ends_on, $2 FROM import_members i WHERE i.is_new",
    )
    .bind(cx.school.organisation.0)
    .bind(cx.backend.now())
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE group_members m SET ends_on = i.ends_on FROM import_members i
         WHERE NOT i.is_new AND m.organisation_id = $1 AND m.id = i.id",
    )
    .bind(cx.school.organisation.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// A code that an ended course has, or that somebody else gave a course at this moment.
fn course_taken(error: sqlx::Error) -> Error {
    if ["courses_code_key", "courses_name_key"].iter().any(|name| breaks_constraint(&error, name)) {
        return Error::conflict(
            "course_taken",
            "A new course of the file has a code or a name that the school has for another course. Offer that course again under Courses, or correct the code in the file.",
        );
    }
    error.into()
}

/// The people whose memberships were changed since, and those of new groups that others joined, or that have tutors or
/// courses by now.
pub(super) async fn built_on(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar(
        "WITH written AS (SELECT * FROM import_writes WHERE organisation_id = $1 AND import_id = $2)
         SELECT w.person_id FROM written w LEFT JOIN group_members m ON m.id = w.id
         WHERE w.kind = 'member'
           AND hashtextextended(concat_ws(' ', m.starts_on, m.ends_on), 0) IS DISTINCT FROM w.left_as
         UNION
         SELECT m.person_id FROM written w JOIN group_members m ON m.group_id = w.id
         WHERE w.kind = 'group' AND NOT EXISTS (SELECT FROM written o WHERE o.kind = 'member' AND o.id = m.id)
         UNION
         SELECT w.person_id FROM written w
         WHERE w.kind = 'group'
           AND (EXISTS (SELECT FROM staff_roles r WHERE r.group_id = w.id)
                OR EXISTS (SELECT FROM group_courses c JOIN groups g ON g.id = c.group_id
                           WHERE c.group_id = w.id AND c.created_at <> g.created_at)
                OR EXISTS (SELECT FROM membership_changes c WHERE c.group_id = w.id))",
    )
    .bind(cx.school.organisation.0)
    .bind(cx.import.0)
    .fetch_all(connection)
    .await?)
}
