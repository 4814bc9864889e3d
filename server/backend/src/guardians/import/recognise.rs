//! What columns may be whose names do not say enough: how many of their values are known as numbers or addresses of
//! students, or as keys, logins or addresses of adults; and which part of whole names comes first.

use std::collections::HashMap;

use domain::guardians::import::name_order::{decided, open_names};
use domain::guardians::import::recognise::{ColumnHits, guess};
use domain::imports::kind::ImportDeclaration;
use domain::imports::mapping::Mapping;
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

/// Adds to a mapping what the first rows of a file say.
pub(super) async fn recognise(
    school: &SchoolContext,
    connection: &mut PgConnection,
    kind: &ImportDeclaration,
    (mapping, rows): (Mapping, &[Vec<String>]),
) -> Result<Mapping> {
    let columns = mapping.to_recognise(kind, rows);
    let mapping = if columns.is_empty() {
        mapping
    } else {
        let hits = hits(school, connection, &columns).await?;
        mapping.recognised(kind, &guess(kind, &columns, &hits))
    };
    let names = open_names(&mapping, rows);
    if names.is_empty() {
        return Ok(mapping);
    }
    let numbers: Vec<&str> = names.iter().map(|name| name.child.as_str()).collect();
    let families = families(school, connection, &numbers).await?;
    Ok(decided(kind, mapping, &names, &families))
}

#[derive(sqlx::FromRow)]
struct FamilyRow {
    number: String,
    family_name: String,
}

/// The family names of the students with these numbers, both without zeros in front.
async fn families(
    school: &SchoolContext,
    connection: &mut PgConnection,
    numbers: &[&str],
) -> Result<HashMap<String, String>> {
    let rows = sqlx::query_as::<_, FamilyRow>(
        "SELECT ltrim(e.admission_number, '0') AS number, p.family_name FROM enrolments e
         JOIN people p ON p.id = e.person_id
         JOIN visible_people v ON v.person_id = p.id
         WHERE e.organisation_id = $1 AND e.school_id = $2 AND e.latest AND ltrim(e.admission_number, '0') = ANY($3)",
    )
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(numbers)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.number, row.family_name)).collect())
}

/// Counts them for every column at once. A number without the zeros in front of it is known too.
async fn hits(
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
