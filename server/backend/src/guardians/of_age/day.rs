//! The day on which a student comes of age.

use chrono::NaiveDate;
use domain::ids::{OrganisationId, PersonId};
use sqlx::PgConnection;

use crate::Result;

/// The day from which a student decides, and whether rights have passed to them; `None` before they are told.
pub(in crate::guardians) async fn decides(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    student: PersonId,
) -> Result<Option<(NaiveDate, bool)>> {
    Ok(sqlx::query_as(
        "SELECT comes_on, passed_at IS NOT NULL FROM comings_of_age WHERE organisation_id = $1 AND person_id = $2",
    )
    .bind(organisation.0)
    .bind(student.0)
    .fetch_optional(connection)
    .await?)
}
