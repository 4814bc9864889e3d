//! The teaching groups of a rollover: those of the year are closed, and go on as new ones in the next.

use chrono::NaiveDate;
use domain::ids::{AcademicYearId, GroupId, MembershipId};
use uuid::Uuid;

use super::plan::RolloverView;
use crate::error::breaks_constraint;
use crate::operations::OperationContext;
use crate::{Error, Result};

/// A group that is closed.
pub(super) struct RolledGroup {
    pub(super) group: GroupId,
    /// The one that goes on from it.
    pub(super) next: Option<GroupId>,
}

#[derive(sqlx::FromRow)]
struct GoingMemberRow {
    group_id: Uuid,
    person_id: Uuid,
}

#[derive(sqlx::FromRow)]
struct GoingTutorRow {
    group_id: Uuid,
    person_id: Uuid,
    role: Option<String>,
    custom_role_id: Option<Uuid>,
    ends_on: Option<NaiveDate>,
}

/// Makes the groups that go on: the same name, courses and tutors, with those students who are still there.
pub(super) async fn go_on(
    work: &mut OperationContext<'_>,
    groups: &[RolledGroup],
    (next, view): (AcademicYearId, &RolloverView),
) -> Result<()> {
    let pairs: Vec<(Uuid, Uuid)> =
        groups.iter().filter_map(|group| group.next.map(|next| (group.group.0, next.0))).collect();
    let (old, new): (Vec<Uuid>, Vec<Uuid>) = pairs.iter().copied().unzip();
    sqlx::query(
        "WITH made AS (
             INSERT INTO groups (id, organisation_id, school_id, kind, code, name, academic_year_id, created_at)
             SELECT row.next_id, g.organisation_id, g.school_id, g.kind, g.code, g.name, $3, $4
             FROM unnest($5::uuid[], $6::uuid[]) AS row (group_id, next_id) JOIN groups g ON g.id = row.group_id
             WHERE g.organisation_id = $1 AND g.school_id = $2
             RETURNING id)
         INSERT INTO group_courses (organisation_id, school_id, group_id, course_id, chosen, created_at)
         SELECT c.organisation_id, c.school_id, row.next_id, c.course_id, c.chosen, $4
         FROM unnest($5::uuid[], $6::uuid[]) AS row (group_id, next_id)
         JOIN made ON made.id = row.next_id
         JOIN group_courses c ON c.organisation_id = $1 AND c.group_id = row.group_id",
    )
    .bind(work.school.organisation.0)
    .bind(work.school.school.0)
    .bind(next.0)
    .bind(work.backend.now())
    .bind(&old)
    .bind(&new)
    .execute(&mut *work.connection)
    .await
    .map_err(|error| name_taken(error, view))?;
    members(work, &old, &new, view).await?;
    tutors(work, &old, &new, view).await
}

fn name_taken(error: sqlx::Error, view: &RolloverView) -> Error {
    if ["groups_name_key", "groups_code_key"].iter().any(|name| breaks_constraint(&error, name)) {
        return Error::conflict(
            "group_name_taken",
            format!(
                "One of the groups that go on is already there in {}. Clear its tick, or rename one of the two.",
                view.next.name
            ),
        );
    }
    error.into()
}

async fn members(
    work: &mut OperationContext<'_>,
    old: &[Uuid],
    new: &[Uuid],
    view: &RolloverView,
) -> Result<()> {
    let going = sqlx::query_as::<_, GoingMemberRow>(
        "SELECT row.next_id AS group_id, m.person_id
         FROM unnest($3::uuid[], $4::uuid[]) AS row (group_id, next_id)
         JOIN group_members m ON m.organisation_id = $1 AND m.group_id = row.group_id
              AND daterange(m.starts_on, m.ends_on, '[]') @> $5::date
         JOIN enrolments e ON e.organisation_id = $1 AND e.school_id = $2 AND e.person_id = m.person_id AND e.latest
              AND (e.ends_on > $5) IS NOT FALSE
         ORDER BY 1, 2",
    )
    .bind(work.school.organisation.0)
    .bind(work.school.school.0)
    .bind(old)
    .bind(new)
    .bind(view.year.ends_on)
    .fetch_all(&mut *work.connection)
    .await?;
    sqlx::query(
        "INSERT INTO group_members (id, organisation_id, group_id, person_id, starts_on, created_at)
         SELECT row.id, $1, row.group_id, row.person_id, $2, $3
         FROM unnest($4::uuid[], $5::uuid[], $6::uuid[]) AS row (id, group_id, person_id)",
    )
    .bind(work.school.organisation.0)
    .bind(view.next.starts_on)
    .bind(work.backend.now())
    .bind(going.iter().map(|_| work.backend.new_id::<MembershipId>().0).collect::<Vec<_>>())
    .bind(going.iter().map(|row| row.group_id).collect::<Vec<_>>())
    .bind(going.iter().map(|row| row.person_id).collect::<Vec<_>>())
    .execute(&mut *work.connection)
    .await?;
    Ok(())
}

/// Tutors keep the role that they have for the group, for the one that goes on from it.
async fn tutors(
    work: &mut OperationContext<'_>,
    old: &[Uuid],
    new: &[Uuid],
    view: &RolloverView,
) -> Result<()> {
    let going = sqlx::query_as::<_, GoingTutorRow>(
        "SELECT row.next_id AS group_id, r.person_id, r.role, r.custom_role_id, r.ends_on
         FROM unnest($2::uuid[], $3::uuid[]) AS row (group_id, next_id)
         JOIN staff_roles r ON r.organisation_id = $1 AND r.group_id = row.group_id AND (r.ends_on >= $4) IS NOT FALSE
         ORDER BY r.id",
    )
    .bind(work.school.organisation.0)
    .bind(old)
    .bind(new)
    .bind(view.next.starts_on)
    .fetch_all(&mut *work.connection)
    .await?;
    sqlx::query(
        "INSERT INTO staff_roles (id, organisation_id, person_id, school_id, group_id, role, custom_role_id, ends_on, given_by,
                                  created_at)
         SELECT row.id, $1, row.person_id, $2, row.group_id, row.role, row.custom_role_id, row.ends_on, $3, $4
         FROM unnest($5::uuid[], $6::uuid[], $7::uuid[], $8::text[], $9::uuid[], $10::date[])
              AS row (id, person_id, group_id, role, custom_role_id, ends_on)",
    )
    .bind(work.school.organisation.0)
    .bind(work.school.school.0)
    .bind(work.actor.account().map(|account| account.0))
    .bind(work.backend.now())
    .bind(going.iter().map(|_| work.backend.new_id::<Uuid>()).collect::<Vec<_>>())
    .bind(going.iter().map(|row| row.person_id).collect::<Vec<_>>())
    .bind(going.iter().map(|row| row.group_id).collect::<Vec<_>>())
    .bind(going.iter().map(|row| row.role.clone()).collect::<Vec<_>>())
    .bind(going.iter().map(|row| row.custom_role_id).collect::<Vec<_>>())
    .bind(going.iter().map(|row| row.ends_on).collect::<Vec<_>>())
    .execute(&mut *work.connection)
    .await?;
    Ok(())
}

/// Closes the groups of the year; their students' time in them ends on its last day.
pub(super) async fn close(
    work: &mut OperationContext<'_>,
    groups: &[RolledGroup],
    view: &RolloverView,
) -> Result<()> {
    sqlx::query(
        "WITH closed AS (
             UPDATE groups SET closed_at = $4 WHERE organisation_id = $1 AND school_id = $2 AND id = ANY($5)
         ), members AS (
             SELECT m.id, m.group_id, m.ends_on FROM group_members m
             WHERE m.organisation_id = $1 AND m.group_id = ANY($5)
               AND daterange(m.starts_on, m.ends_on, '[]') @> $7::date AND m.ends_on IS DISTINCT FROM $7
         ), ended AS (
             UPDATE group_members m SET ends_on = $7 FROM members was
             WHERE m.organisation_id = $1 AND m.id = was.id
         )
         INSERT INTO rollover_groups (organisation_id, school_id, operation_id, group_id, next_id, ended, created_at)
         SELECT $1, $2, $3, row.group_id, row.next_id,
                coalesce((SELECT jsonb_agg(jsonb_build_object('id', was.id, 'ends_on', was.ends_on)) FROM members was
                          WHERE was.group_id = row.group_id), '[]'), $4
         FROM unnest($5::uuid[], $6::uuid[]) AS row (group_id, next_id)",
    )
    .bind(work.school.organisation.0)
    .bind(work.school.school.0)
    .bind(work.operation.0)
    .bind(work.backend.now())
    .bind(groups.iter().map(|group| group.group.0).collect::<Vec<_>>())
    .bind(groups.iter().map(|group| group.next.map(|next| next.0)).collect::<Vec<_>>())
    .bind(view.year.ends_on)
    .execute(&mut *work.connection)
    .await?;
    Ok(())
}
