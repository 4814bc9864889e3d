//! Writes a rollover: a handful of statements, for ten students as for ten thousand.

use chrono::NaiveDate;

use super::groups::{self, RolledGroup};
use super::operation::RolledOver;
use super::plan::{RolloverRow, RolloverView, StudentRow};
use super::year::record;
use crate::Result;
use crate::operations::OperationContext;

/// Writes the rows.
pub(super) async fn apply(
    work: &mut OperationContext<'_>,
    rows: &[RolloverRow],
    view: &RolloverView,
) -> Result<RolledOver> {
    let year = record(work.backend, work.connection, work.school, &view.year).await?;
    let next = record(work.backend, work.connection, work.school, &view.next).await?;
    let students: Vec<&StudentRow> = rows
        .iter()
        .filter_map(|row| match row {
            RolloverRow::Student(row) => Some(row),
            RolloverRow::Group { .. } => None,
        })
        .collect();
    write_students(work, &students).await?;
    work.report("students", students.len(), rows.len()).await?;
    let groups: Vec<RolledGroup> = rows
        .iter()
        .filter_map(|row| match row {
            RolloverRow::Group { group, goes_on } => {
                Some(RolledGroup { group: *group, next: goes_on.then(|| work.backend.new_id()) })
            }
            RolloverRow::Student(_) => None,
        })
        .collect();
    groups::go_on(work, &groups, (next, view)).await?;
    groups::close(work, &groups, view).await?;
    sqlx::query(
        "UPDATE academic_years SET rolled_over_at = $3, rolled_over_by = $4 WHERE organisation_id = $1 AND id = $2",
    )
        .bind(work.school.organisation.0)
        .bind(year.0)
        .bind(work.backend.now())
        .bind(work.operation.0)
        .execute(&mut *work.connection)
        .await?;
    let size = |rows: usize| u32::try_from(rows).unwrap_or(u32::MAX);
    Ok(RolledOver {
        year: view.year.name.clone(),
        next: view.next.name.clone(),
        moves: view.moves,
        leaves: view.leaves,
        closed: size(groups.len()),
        created: size(groups.iter().filter(|group| group.next.is_some()).count()),
    })
}

/// Moves students up and off the roll, and stores what they were.
async fn write_students(work: &mut OperationContext<'_>, rows: &[&StudentRow]) -> Result<()> {
    let days = |of: fn(&StudentRow) -> Option<NaiveDate>| -> Vec<Option<NaiveDate>> {
        rows.iter().map(|row| of(row)).collect()
    };
    let text =
        |of: fn(&StudentRow) -> &str| -> Vec<String> { rows.iter().map(|row| of(row).to_owned()).collect() };
    sqlx::query(
        "WITH written AS (
             INSERT INTO rollover_students (organisation_id, school_id, operation_id, enrolment_id, was_year, was_group,
                                            was_ends_on, now_year, now_group, now_ends_on, created_at)
             SELECT $1, $2, $3, row.*, $4
             FROM unnest($5::uuid[], $6::text[], $7::text[], $8::date[], $9::text[], $10::text[], $11::date[])
                  AS row (enrolment_id, was_year, was_group, was_ends_on, now_year, now_group, now_ends_on)
             RETURNING enrolment_id, now_year, now_group, now_ends_on)
         UPDATE enrolments e
         SET year_group = w.now_year, registration_group = w.now_group, ends_on = w.now_ends_on, updated_at = $4
         FROM written w WHERE e.organisation_id = $1 AND e.school_id = $2 AND e.id = w.enrolment_id",
    )
    .bind(work.school.organisation.0)
    .bind(work.school.school.0)
    .bind(work.operation.0)
    .bind(work.backend.now())
    .bind(rows.iter().map(|row| row.enrolment.0).collect::<Vec<_>>())
    .bind(text(|row| &row.was.0))
    .bind(text(|row| &row.was.1))
    .bind(days(|row| row.was.2))
    .bind(text(|row| &row.now.0))
    .bind(text(|row| &row.now.1))
    .bind(days(|row| row.now.2))
    .execute(&mut *work.connection)
    .await?;
    Ok(())
}
