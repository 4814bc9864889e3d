//! The year that is rolled over, and the one after it.

use chrono::{DateTime, Datelike as _, Months, NaiveDate, Utc};
use domain::ids::AcademicYearId;
use domain::school_year::years::{days_after, name_from, usual_days};
use domain::when::long_day;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result};

/// The code of the conflict about a year that there is not.
pub const UNKNOWN_YEAR: &str = "unknown_year";

/// A year of a school, recorded or not yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolYear {
    /// Its id, if it is recorded.
    pub id: Option<AcademicYearId>,
    /// Its name.
    pub name: String,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day.
    pub ends_on: NaiveDate,
}

#[derive(sqlx::FromRow)]
pub(super) struct AcademicYearRow {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: NaiveDate,
    pub(super) rolled_over_at: Option<DateTime<Utc>>,
}

impl AcademicYearRow {
    fn is_called(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
            || usual_days(name).is_some_and(|(starts, _)| starts.year() == self.starts_on.year())
    }

    fn year(&self) -> SchoolYear {
        SchoolYear {
            id: Some(AcademicYearId(self.id)),
            name: self.name.clone(),
            starts_on: self.starts_on,
            ends_on: self.ends_on,
        }
    }
}

/// Returns the recorded years of a school, oldest first.
pub(super) async fn recorded(
    connection: &mut PgConnection,
    school: &SchoolContext,
) -> Result<Vec<AcademicYearRow>> {
    Ok(sqlx::query_as::<_, AcademicYearRow>(
        "SELECT id, name, starts_on, ends_on, rolled_over_at FROM academic_years
         WHERE organisation_id = $1 AND school_id = $2 ORDER BY starts_on",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .fetch_all(connection)
    .await?)
}

/// Finds a year by its name, and the one after it. A year that nobody has recorded is taken to be the usual one.
pub(super) async fn find(
    connection: &mut PgConnection,
    school: &SchoolContext,
    name: &str,
) -> Result<(SchoolYear, SchoolYear)> {
    let name = name.trim();
    let years = recorded(connection, school).await?;
    let year = match years.iter().find(|year| year.is_called(name)) {
        Some(year) => {
            if let Some(at) = year.rolled_over_at {
                let on = long_day(at.with_timezone(&school.zone).date_naive());
                return Err(Error::conflict(
                    "already_rolled_over",
                    format!(
                        "{} was rolled over on {on}. A year is rolled over once. If that was a mistake, undo it first.",
                        year.name
                    ),
                ));
            }
            year.year()
        }
        None => usual(&years, name, school.today)?,
    };
    if let Some(later) =
        years.iter().find(|other| other.starts_on > year.ends_on && other.rolled_over_at.is_some())
    {
        return Err(Error::conflict(
            "later_rolled_over",
            format!(
                "{} was rolled over already, and comes after {}. Students would move up twice. Undo that rollover first if it was a mistake.",
                later.name, year.name
            ),
        ));
    }
    let next = years.iter().find(|other| other.starts_on > year.ends_on).map(AcademicYearRow::year);
    if let Some(next) = next {
        return Ok((year, next));
    }
    let (starts_on, ends_on) =
        days_after(year.starts_on, year.ends_on).ok_or_else(|| Error::unexpected("no year after"))?;
    let next = SchoolYear { id: None, name: name_from(starts_on), starts_on, ends_on };
    Ok((year, next))
}

/// The usual year with a name: of those that nobody has recorded, the one now, the one after it, and the last that ended.
fn usual(years: &[AcademicYearRow], name: &str, today: NaiveDate) -> Result<SchoolYear> {
    let is_near = |(starts, ends): &(NaiveDate, NaiveDate)| {
        days_after(*starts, *ends).is_some_and(|(_, later)| today <= later)
            && starts.checked_sub_months(Months::new(12)).is_some_and(|before| before <= today)
    };
    let days = usual_days(name).filter(is_near).filter(|(starts, ends)| {
        !years.iter().any(|year| year.starts_on <= *ends && *starts <= year.ends_on)
    });
    let Some((starts_on, ends_on)) = days else {
        let names: Vec<&str> = years.iter().map(|year| year.name.as_str()).collect();
        let known = if names.is_empty() {
            "No year is recorded; write it like 2026/27.".to_owned()
        } else {
            format!("The years of this school are {}.", names.join(", "))
        };
        let none = if name.is_empty() {
            "Say which school year.".to_owned()
        } else {
            format!("There is no school year {name} that can be rolled over.")
        };
        return Err(Error::conflict(UNKNOWN_YEAR, format!("{none} {known}")));
    };
    Ok(SchoolYear { id: None, name: name_from(starts_on), starts_on, ends_on })
}

/// Why a year cannot be rolled over on a day.
pub(super) fn too_early(year: &SchoolYear, today: NaiveDate) -> Option<String> {
    let from = year.ends_on.succ_opt()?;
    (today <= year.ends_on).then(|| {
        format!(
            "{} has not ended: its last day is {}. Roll it over from {} on.",
            year.name,
            long_day(year.ends_on),
            long_day(from)
        )
    })
}

/// Records a year if it is not, and returns its id.
pub(super) async fn record(
    backend: &Backend,
    connection: &mut PgConnection,
    school: &SchoolContext,
    year: &SchoolYear,
) -> Result<AcademicYearId> {
    if let Some(id) = year.id {
        return Ok(id);
    }
    let id: AcademicYearId = backend.new_id();
    sqlx::query(
        "INSERT INTO academic_years (id, organisation_id, school_id, name, starts_on, ends_on, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id.0)
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(&year.name)
    .bind(year.starts_on)
    .bind(year.ends_on)
    .bind(backend.now())
    .execute(connection)
    .await?;
    Ok(id)
}
