//! How the share of covered students changed.

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::guardians::coverage::Coverage;
use domain::ids::SchoolId;

use crate::tenancy::enter::Entered;
use crate::tenancy::target::School;
use crate::{Backend, Error, Result};

/// The number of days shown.
const DAYS: i64 = 90;

/// A day of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CoverageDay {
    /// The day.
    pub day: NaiveDate,
    /// The whole school's coverage on it.
    pub coverage: Coverage,
}

#[derive(sqlx::FromRow)]
struct CoverageDayRow {
    day: NaiveDate,
    students: i32,
    covered: i32,
}

/// Returns the last days that were counted, oldest first. Nothing for those whose roles are for groups: the figures are the
/// whole school's.
pub async fn chart(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<Vec<CoverageDay>> {
    let entered = backend.enter(actor, Permission::ViewAccounts, School(school)).await;
    let Entered { mut transaction, at } = match entered {
        Ok(entered) => entered,
        Err(Error::Refused(_)) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut rows: Vec<CoverageDayRow> = sqlx::query_as(
        "SELECT day, students, covered FROM guardian_coverage
         WHERE organisation_id = $1 AND school_id = $2 ORDER BY day DESC LIMIT $3",
    )
    .bind(at.organisation.0)
    .bind(at.school.0)
    .bind(DAYS)
    .fetch_all(&mut *transaction)
    .await?;
    rows.reverse();
    let count = |value: i32| u32::try_from(value).unwrap_or_default();
    let day = |row: CoverageDayRow| CoverageDay {
        day: row.day,
        coverage: Coverage { students: count(row.students), covered: count(row.covered) },
    };
    Ok(rows.into_iter().map(day).collect())
}
