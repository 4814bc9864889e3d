//! Which parts of a child's portal adults get by default.

use domain::guardians::access::DefaultAccess;
use domain::ids::{OrganisationId, SchoolId};
use sqlx::PgConnection;

use crate::Result;

/// Returns what adults get by default at a school.
pub(crate) async fn of_school(
    _connection: &mut PgConnection,
    _organisation: OrganisationId,
    _school: SchoolId,
) -> Result<DefaultAccess> {
    Ok(DefaultAccess::default())
}
