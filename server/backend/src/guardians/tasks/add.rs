//! Asks the office to look at something.

use domain::guardians::task::{TaskDetails, TaskKind};
use domain::ids::{OrganisationId, PersonId, TaskId};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::{Backend, Result};

/// A task to add.
#[derive(Debug, Clone)]
pub(crate) struct NewTask {
    /// The kind.
    pub(crate) kind: TaskKind,
    /// The adult concerned.
    pub(crate) adult: Option<PersonId>,
    /// The child concerned.
    pub(crate) child: Option<PersonId>,
    /// What else it says.
    pub(crate) details: TaskDetails,
}

/// Adds tasks, any number in one statement, each for the office of the child's school, or else of a school of the adult's
/// children. One that is already open is not added again. Returns how many were added.
pub(crate) async fn insert(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    tasks: &[NewTask],
) -> Result<u64> {
    let added = sqlx::query(
        "INSERT INTO office_tasks (id, organisation_id, school_id, kind, adult_id, child_id, details, created_at)
         SELECT new.id, $1, at.school_id, new.kind, new.adult_id, new.child_id, new.details, $2
         FROM unnest($3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::jsonb[]) AS new (id, kind, adult_id, child_id, details)
         CROSS JOIN LATERAL (
             SELECT found.school_id FROM (
                 SELECT e.school_id, 1 AS near, e.ends_on, e.starts_on FROM enrolments e
                 WHERE e.organisation_id = $1 AND e.person_id = new.child_id AND e.latest
                 UNION ALL
                 SELECT s.school_id, 2, NULL, NULL FROM person_schools s
                 WHERE s.organisation_id = $1 AND s.person_id = new.adult_id
                 UNION ALL
                 SELECT s.id, 3, NULL, NULL FROM schools s WHERE s.organisation_id = $1) found
             ORDER BY found.near, found.ends_on DESC NULLS FIRST, found.starts_on DESC, found.school_id LIMIT 1) at
         WHERE NOT EXISTS (SELECT FROM office_tasks t
                           WHERE t.organisation_id = $1 AND t.kind = new.kind AND t.done_at IS NULL
                             AND t.adult_id IS NOT DISTINCT FROM new.adult_id
                             AND t.child_id IS NOT DISTINCT FROM new.child_id)",
    )
    .bind(organisation.0)
    .bind(backend.now())
    .bind(tasks.iter().map(|_| backend.new_id::<TaskId>().0).collect::<Vec<Uuid>>())
    .bind(tasks.iter().map(|task| task.kind.slug()).collect::<Vec<_>>())
    .bind(tasks.iter().map(|task| task.adult.map(|adult| adult.0)).collect::<Vec<_>>())
    .bind(tasks.iter().map(|task| task.child.map(|child| child.0)).collect::<Vec<_>>())
    .bind(tasks.iter().map(|task| Json(task.details)).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(added.rows_affected())
}
