//! Academic years of a school.

use chrono::NaiveDate;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::fields::FieldErrors;
use domain::groups::name::GroupName;
use domain::ids::{AcademicYearId, SchoolId};
use domain::when::typed_day;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::audit::{AuditEntry, record};
use crate::error::breaks_constraint;
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::{InSchool, School};
use crate::{Backend, Error, Result};

/// An academic year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcademicYear {
    /// Its id.
    pub id: AcademicYearId,
    /// As people say it: "2026/27".
    pub name: String,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day.
    pub ends_on: NaiveDate,
    /// How many teaching groups it has, closed ones too.
    pub groups: i64,
}

/// The submitted form.
#[derive(Debug, Clone, Default)]
pub struct YearForm {
    /// The name.
    pub name: String,
    /// The first day (ISO 8601).
    pub starts_on: String,
    /// The last day.
    pub ends_on: String,
}

#[derive(sqlx::FromRow)]
struct YearRow {
    id: Uuid,
    name: String,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    groups: i64,
}

/// Returns the years of a school, the latest first.
pub async fn years(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<Vec<AcademicYear>> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ViewRoll, InSchool(school)).await?;
    load(&mut transaction, &at).await
}

/// See [`years`].
pub(crate) async fn load(connection: &mut PgConnection, at: &SchoolContext) -> Result<Vec<AcademicYear>> {
    let rows = sqlx::query_as::<_, YearRow>(
        "SELECT y.id, y.name, y.starts_on, y.ends_on,
                (SELECT count(*) FROM groups g WHERE g.academic_year_id = y.id) AS groups
         FROM academic_years y WHERE y.organisation_id = $1 AND y.school_id = $2 ORDER BY y.starts_on DESC",
    )
    .bind(at.organisation.0)
    .bind(at.school.0)
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| AcademicYear {
            id: AcademicYearId(row.id),
            name: row.name,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            groups: row.groups,
        })
        .collect())
}

/// The year that a day is in, or that begins next.
pub fn current(years: &[AcademicYear], today: NaiveDate) -> Option<&AcademicYear> {
    years.iter().rev().find(|year| today <= year.ends_on)
}

/// Creates a year, or changes one.
///
/// # Errors
/// For fields that cannot be read, and if the name or some of the days are another year's.
pub async fn save(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    (id, form): (Option<AcademicYearId>, &YearForm),
) -> Result<AcademicYearId> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGroups, School(school)).await?;
    let (name, starts_on, ends_on) = form.parse()?;
    let year = id.unwrap_or_else(|| backend.new_id());
    let saved = match id {
        None => {
            sqlx::query(
                "INSERT INTO academic_years (id, organisation_id, school_id, name, starts_on, ends_on, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(year.0)
            .bind(at.organisation.0)
            .bind(school.0)
            .bind(name.as_str())
            .bind(starts_on)
            .bind(ends_on)
            .bind(backend.now())
            .execute(&mut *transaction)
            .await
        }
        Some(_) => {
            sqlx::query(
                "UPDATE academic_years SET name = $4, starts_on = $5, ends_on = $6
                 WHERE organisation_id = $2 AND school_id = $3 AND id = $1",
            )
            .bind(year.0)
            .bind(at.organisation.0)
            .bind(school.0)
            .bind(name.as_str())
            .bind(starts_on)
            .bind(ends_on)
            .execute(&mut *transaction)
            .await
        }
    };
    if saved.map_err(|error| taken(error, &name))?.rows_affected() == 0 {
        return Err(Error::NotFound("academic year"));
    }
    let entry = AuditEntry::new(AuditAction::GroupChanged)
        .subject("academic_year", year.0)
        .details(json!({ "year": year, "new": id.is_none(), "from": starts_on, "until": ends_on }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(year)
}

fn taken(error: sqlx::Error, name: &GroupName) -> Error {
    if breaks_constraint(&error, "academic_years_name_key") {
        FieldErrors::one("name", format!("There is already a year called {name}. Choose another name."))
            .into()
    } else if breaks_constraint(&error, "academic_years_once_excl") {
        FieldErrors::one("starts_on", "Some of these days are in another year. Choose days that are in none.")
            .into()
    } else {
        error.into()
    }
}

impl YearForm {
    /// The form of a year that exists.
    pub fn of(year: &AcademicYear) -> Self {
        Self {
            name: year.name.clone(),
            starts_on: year.starts_on.to_string(),
            ends_on: year.ends_on.to_string(),
        }
    }

    fn parse(&self) -> Result<(GroupName, NaiveDate, NaiveDate)> {
        const DAY: &str = "Enter the date in the format 2026-09-01.";
        let mut errors = FieldErrors::default();
        let name = errors.take("name", self.name.parse::<GroupName>());
        let day = |text: &str| typed_day(text).ok().flatten().ok_or(DAY);
        let starts_on = errors.take("starts_on", day(&self.starts_on));
        let ends_on = errors.take("ends_on", day(&self.ends_on));
        if starts_on.zip(ends_on).is_some_and(|(first, last)| last <= first) {
            errors.push("ends_on", "The last day must be after the first day.");
        }
        match (name, starts_on, ends_on) {
            (Some(name), Some(first), Some(last)) if errors.is_empty() => Ok((name, first, last)),
            _ => Err(errors.into()),
        }
    }
}
