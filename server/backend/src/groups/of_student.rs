//! The teaching groups of a student.

use chrono::NaiveDate;
use domain::groups::views::StudentGroup;
use domain::ids::{GroupId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;
use crate::tenancy::places::PersonContext;

#[derive(sqlx::FromRow)]
struct StudentGroupRow {
    id: Uuid,
    name: String,
    year: Option<String>,
    courses: Vec<String>,
    since: NaiveDate,
    until: Option<NaiveDate>,
}

/// Returns the groups of a person for their record, from today on first, then those that ended.
pub(crate) async fn of_student(
    connection: &mut PgConnection,
    at: &PersonContext,
    person: PersonId,
) -> Result<Vec<StudentGroup>> {
    let rows = sqlx::query_as::<_, StudentGroupRow>(
        "SELECT g.id, g.name, y.name AS year, m.starts_on AS since, m.ends_on AS until,
                ARRAY(SELECT c.name FROM group_courses gc JOIN courses c ON c.id = gc.course_id
                      WHERE gc.group_id = g.id ORDER BY NOT gc.chosen, lower(c.name)) AS courses
         FROM group_members m
         JOIN groups g ON g.organisation_id = m.organisation_id AND g.id = m.group_id
         LEFT JOIN academic_years y ON y.id = g.academic_year_id
         WHERE m.organisation_id = $1 AND m.person_id = $2 AND g.kind = 'teaching'
         ORDER BY coalesce(m.ends_on < $3, false), m.starts_on DESC, lower(g.name), m.id",
    )
    .bind(at.organisation.0)
    .bind(person.0)
    .bind(at.today)
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| StudentGroup {
            group: GroupId(row.id),
            name: row.name,
            year: row.year.unwrap_or_default(),
            courses: row.courses,
            since: row.since,
            ended: row.until.is_some_and(|until| until < at.today),
            until: row.until,
        })
        .collect())
}
