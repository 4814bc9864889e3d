//! When an adult last looked at a child: a row a day, so that a page that is opened often writes once.

use chrono::NaiveDate;
use domain::ids::{OrganisationId, PersonId};
use sqlx::PgConnection;

use crate::Result;

/// Records that an adult looked at a child's portal today. Call it where a guardian opens a page of a child, in the
/// transaction of the page.
pub async fn looked(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    (adult, child): (PersonId, PersonId),
    today: NaiveDate,
) -> Result<()> {
    // Only the first look of a day writes; reading first keeps later ones from taking a row lock.
    sqlx::query(
        "INSERT INTO child_views (organisation_id, adult_id, child_id, day)
         SELECT $1, $2, $3, $4
         WHERE NOT EXISTS (SELECT FROM child_views WHERE child_id = $3 AND adult_id = $2 AND day = $4)
         ON CONFLICT DO NOTHING",
    )
    .bind(organisation.0)
    .bind(adult.0)
    .bind(child.0)
    .bind(today)
    .execute(connection)
    .await?;
    Ok(())
}
