//! The year and registration groups that a run can be narrowed to.

use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::SchoolId;
use domain::roll::page::natural;

use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// What a school calls the groups of its students, each in natural order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StudentGroups {
    /// Year groups.
    pub years: Vec<String>,
    /// Registration groups.
    pub groups: Vec<String>,
}

#[derive(sqlx::FromRow)]
struct StudentGroupRow {
    year_group: String,
    registration_group: String,
}

/// Returns the groups of the school's current and future students, as far as the actor sees them.
pub async fn student_groups(backend: &Backend, actor: &Actor, school: SchoolId) -> Result<StudentGroups> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageGuardians, InSchool(school)).await?;
    let rows = sqlx::query_as::<_, StudentGroupRow>(
        "SELECT DISTINCT e.year_group, e.registration_group FROM enrolments e
         WHERE e.organisation_id = $1 AND e.school_id = $2 AND e.latest
           AND roll_status_on($3, e.starts_on, e.ends_on) IN ('current', 'future')
           AND ($4 OR e.person_id IN (SELECT r.person_id FROM reached_people r)) AND e.person_id <> ALL ($5)",
    )
    .bind(at.organisation.0)
    .bind(at.school.0)
    .bind(at.today)
    .bind(at.everybody())
    .bind(at.hidden())
    .fetch_all(&mut *transaction)
    .await?;
    let (years, groups) = rows.into_iter().map(|row| (row.year_group, row.registration_group)).unzip();
    Ok(StudentGroups { years: in_order(years), groups: in_order(groups) })
}

fn in_order(mut labels: Vec<String>) -> Vec<String> {
    labels.retain(|label| !label.is_empty());
    labels.sort_by(|a, b| natural(a, b));
    labels.dedup();
    labels
}
