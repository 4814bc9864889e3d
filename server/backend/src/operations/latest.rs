//! The latest operation about something that its input names.

use domain::ids::OperationId;
use domain::operations::plan::PlanHash;
use domain::operations::state::OperationState;
use sqlx::PgConnection;
use uuid::Uuid;

use super::kind::Operation;
use super::store::{StoredOperation, stored};
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Result};

/// What an operation is about.
pub(crate) struct OperationSubject {
    /// The field of its input that names it.
    pub(crate) field: &'static str,
    /// Its identifier.
    pub(crate) id: Uuid,
    /// The plan, if only operations for this one count.
    pub(crate) plan: Option<PlanHash>,
}

/// Returns the latest operation of kind `O` at a school about something, and where it stands.
pub(crate) async fn latest_about<O: Operation>(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
    about: OperationSubject,
) -> Result<Option<(OperationId, OperationState)>> {
    let found = sqlx::query_as::<_, StoredOperation>(stored!(
        " FROM operations w
          WHERE w.organisation_id = $1 AND w.school_id = $2 AND w.kind = $3 AND w.input ->> $4::text = $5::uuid::text
            AND ($6::bytea IS NULL OR w.plan_hash = $6)
          ORDER BY w.created_at DESC LIMIT 1"
    ))
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(O::KIND)
    .bind(about.field)
    .bind(about.id)
    .bind(about.plan.map(|plan| plan.0))
    .fetch_optional(connection)
    .await?;
    Ok(found.map(|found| (OperationId(found.id), found.state(backend.now()))))
}
