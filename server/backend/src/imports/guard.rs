//! Stopping a file that ends much: it may be the wrong one, or half of one.

use domain::imports::counts::Guarded;
use domain::imports::plan::PlanCounts;
use domain::imports::settings::{ENDING_SHARE, LEAST_ENDINGS};
use sqlx::{PgConnection, Row as _};

use super::kind::Importing;
use crate::settings::of_organisation;
use crate::{Error, Result};

/// What an import would end, if that is more than the organisation allows without a second person. `standing` is the
/// statement of its kind.
pub(super) async fn exceeded(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    standing: Option<&'static str>,
    counts: PlanCounts,
) -> Result<Option<Guarded>> {
    let Some(standing) = standing.filter(|_| counts.ended >= LEAST_ENDINGS) else { return Ok(None) };
    let standing: i64 = sqlx::query(standing)
        .bind(cx.school.organisation.0)
        .bind(cx.school.school.0)
        .bind(cx.day)
        .fetch_one(&mut *connection)
        .await?
        .try_get(0)?;
    let share = of_organisation(connection, cx.school.organisation, &ENDING_SHARE).await?;
    Ok(share.exceeded(counts.ended, u32::try_from(standing).map_err(Error::unexpected)?))
}
