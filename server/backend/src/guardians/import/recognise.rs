//! How many values of a column are known: as numbers or addresses of students, or as keys, logins or addresses of adults.

use domain::guardians::import::recognise::ColumnHits;
use domain::imports::recognise::ColumnValues;
use sqlx::PgConnection;

use super::known::series;
use crate::tenancy::places::SchoolContext;
use crate::{Error, Result};

#[derive(sqlx::FromRow)]
struct HitsRow {
    of_column: i32,
    students: i64,
    student_emails: i64,
    adults: i64,
}

/// Counts them for every column at once. A number without the zeros in front of it is known too.
pub(super) async fn hits(
    school: &SchoolContext,
    connection: &mut PgConnection,
    columns: &[ColumnValues],
) -> Result<Vec<ColumnHits>> {
    let asked =
        columns.iter().zip(0i32..).flat_map(|(of, at)| of.values.iter().map(move |value| (at, value)));
    let (places, values): (Vec<i32>, Vec<&String>) = asked.unzip();
    let rows = sqlx::query_as::<_, HitsRow>(
        "WITH roll AS (
             SELECT e.person_id, ltrim(e.admission_number, '0') AS number FROM enrolments e
             JOIN visible_people v ON v.person_id = e.person_id
             WHERE e.organisation_id = $1 AND e.school_id = $2 AND e.latest)
         SELECT asked.of_column,
                count(*) FILTER (WHERE ltrim(asked.value, '0') IN (SELECT number FROM roll)) AS students,
                count(*) FILTER (WHERE asked.value LIKE '%@%' AND lower(asked.value) IN (
                    SELECT a.comparable FROM roll JOIN addresses a ON a.person_id = roll.person_id AND a.kind = 'email'
                )) AS student_emails,
                count(*) FILTER (WHERE EXISTS (
                    SELECT FROM person_keys k WHERE k.organisation_id = $1 AND k.series = $3 AND k.comparable = asked.value
                ) OR EXISTS (
                    SELECT FROM accounts c JOIN visible_people v ON v.person_id = c.person_id
                    WHERE c.organisation_id = $1 AND c.username = lower(asked.value) AND c.state <> 'closed'
                ) OR EXISTS (
                    SELECT FROM addresses a JOIN visible_people v ON v.person_id = a.person_id
                    WHERE a.organisation_id = $1 AND a.kind = 'email' AND a.comparable = lower(asked.value)
                )) AS adults
         FROM unnest($4::integer[], $5::text[]) AS asked (of_column, value)
         GROUP BY asked.of_column",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(series(school))
    .bind(places)
    .bind(values)
    .fetch_all(connection)
    .await?;
    let hits = rows.into_iter().map(|row| {
        let at = usize::try_from(row.of_column).map_err(Error::unexpected)?;
        let of = columns.get(at).ok_or_else(|| Error::unexpected("a column that was not asked about"))?;
        let count = |hits: i64| usize::try_from(hits).map_err(Error::unexpected);
        Ok(ColumnHits {
            column: of.column,
            values: of.values.len(),
            students: count(row.students)?,
            student_emails: count(row.student_emails)?,
            adults: count(row.adults)?,
        })
    });
    hits.collect()
}
