//! The latest operation about something that its input names.

use domain::ids::OperationId;
use domain::operations::state::OperationState;
use sqlx::PgConnection;
use uuid::Uuid;

use super::kind::Operation;
use super::store::{StoredOperation, stored};
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Result};

/// Returns the latest operation of kind `O` at a school whose input has this id in the field `run`, and where it stands.
pub(crate) async fn latest_about<O: Operation>(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
    run: Uuid,
) -> Result<Option<(OperationId, OperationState)>> {
    let found = sqlx::query_as::<_, StoredOperation>(stored!(
        " FROM operations w
          WHERE w.organisation_id = $1 AND w.school_id = $2 AND w.kind = $3 AND w.input ->> 'run' = $4::uuid::text
          ORDER BY w.created_at DESC LIMIT 1"
    ))
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(O::KIND)
    .bind(run)
    .fetch_optional(connection)
    .await?;
    Ok(found.map(|found| (OperationId(found.id), found.state(backend.now()))))
}
