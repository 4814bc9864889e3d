//! The years of a school, and its rollovers.

use chrono::{DateTime, NaiveDate, Utc};
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{OperationId, SchoolId};
use domain::school_year::years::{days_after, name_from, usual_days};
use uuid::Uuid;

use super::operation::RollOver;
use super::year::recorded;
use crate::operations::Operation as _;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::School;
use crate::{Backend, Result};

/// A year that can be rolled over, or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolloverYear {
    /// Its name.
    pub name: String,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day.
    pub ends_on: NaiveDate,
    /// Whether it was rolled over.
    pub rolled_over: bool,
    /// Whether it has ended.
    pub ended: bool,
}

/// Returns the years of a school, latest first. Where none is recorded, the usual year that last ended and the one now.
pub async fn years(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<Vec<RolloverYear>> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ImportRoll, School(school)).await?;
    let mut years: Vec<RolloverYear> = recorded(&mut transaction, &at)
        .await?
        .into_iter()
        .map(|row| RolloverYear {
            ended: row.ends_on < at.today,
            rolled_over: row.rolled_over_at.is_some(),
            name: row.name,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
        })
        .collect();
    if !years.iter().any(|year| year.starts_on <= at.today && at.today <= year.ends_on) {
        years.extend(usual_around(at.today, &years));
    }
    years.sort_by_key(|year| std::cmp::Reverse(year.starts_on));
    Ok(years)
}

/// The usual years around a day that no recorded one touches.
fn usual_around(today: NaiveDate, recorded: &[RolloverYear]) -> Vec<RolloverYear> {
    use chrono::Datelike as _;
    [today.year() - 1, today.year()]
        .into_iter()
        .filter_map(|year| usual_days(&year.to_string()))
        .filter(|(starts, ends)| {
            // The one that has ended, and the one that today is in.
            *starts <= today && days_after(*starts, *ends).is_some_and(|(_, later)| today <= later)
        })
        .filter(|(starts, ends)| {
            !recorded.iter().any(|year| year.starts_on <= *ends && *starts <= year.ends_on)
        })
        .map(|(starts_on, ends_on)| RolloverYear {
            name: name_from(starts_on),
            starts_on,
            ends_on,
            rolled_over: false,
            ended: ends_on < today,
        })
        .collect()
}

/// A rollover that ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastRollover {
    /// The operation.
    pub operation: OperationId,
    /// The year that ended.
    pub year: String,
    /// The day on which it ran.
    pub ran_on: NaiveDate,
    /// How many students and groups it was about.
    pub rows: u32,
    /// When it was undone.
    pub undone_at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct PastRolloverRow {
    id: Uuid,
    year: Option<String>,
    ran_at: DateTime<Utc>,
    size: i32,
    undone_at: Option<DateTime<Utc>>,
}

/// Returns the rollovers of a school, latest first.
pub async fn past(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<Vec<PastRollover>> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ImportRoll, School(school)).await?;
    let rows = sqlx::query_as::<_, PastRolloverRow>(
        "SELECT id, input ->> 'year' AS year, ran_at, size, undone_at FROM operations
         WHERE organisation_id = $1 AND school_id = $2 AND kind = $3 AND ran_at IS NOT NULL ORDER BY ran_at DESC, id LIMIT 20",
    )
    .bind(at.organisation.0)
    .bind(school.0)
    .bind(RollOver::KIND)
    .fetch_all(&mut *transaction)
    .await?;
    let past = |row: PastRolloverRow| PastRollover {
        operation: OperationId(row.id),
        year: row.year.unwrap_or_default(),
        ran_on: row.ran_at.with_timezone(&at.zone).date_naive(),
        rows: u32::try_from(row.size).unwrap_or_default(),
        undone_at: row.undone_at,
    };
    Ok(rows.into_iter().map(past).collect())
}
