//! Planning all rows of an import, some thousands at a time, against the roll as it is.

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::fields::FieldErrors;
use domain::ids::{EnrolmentId, PersonId};
use domain::imports::dates::DateEvidence;
use domain::imports::field::StudentField;
use domain::imports::plan::{PlanCounts, PlanHash, Planner, ReadRow, RowPlan};
use domain::imports::row::RowReader;
use domain::imports::write::OnRoll;
use domain::roll::enrolment::AdmissionNumber;
use domain::roll::name::PersonName;
use futures_util::TryStreamExt as _;
use sqlx::PgConnection;
use sqlx::types::Json;
use std::collections::HashMap;
use uuid::Uuid;

use super::queries::Import;
use super::stage::BATCH;
use crate::authorization::roles::outranking;
use crate::db::copy_rows;
use crate::roll::schools::SchoolContext;
use crate::{Backend, Error, Result};

/// A plan in the making.
pub(super) struct Planning<'a> {
    backend: &'a Backend,
    actor: &'a Actor,
    import: &'a Import,
    planner: Planner,
    last: i32,
}

#[derive(sqlx::FromRow)]
struct RollRow {
    person_id: Uuid,
    enrolment_id: Uuid,
    admission_number: String,
    given_name: String,
    middle_name: String,
    family_name: String,
    preferred_name: String,
    born_on: Option<NaiveDate>,
    language: String,
    year_group: String,
    registration_group: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    email: Option<String>,
    left_emails: Vec<String>,
    phone: Option<String>,
}

impl<'a> Planning<'a> {
    /// Begins: the columns must be matched as far as needed.
    pub(super) async fn new(
        backend: &'a Backend,
        actor: &'a Actor,
        connection: &mut PgConnection,
        import: &'a Import,
        school: &SchoolContext,
    ) -> Result<Self> {
        let mut errors = FieldErrors::default();
        for missing in import.mapping.missing() {
            errors.push("columns", missing.message());
        }
        if !errors.is_empty() {
            return Err(errors.into());
        }
        let evidence = date_evidence(connection, import).await?;
        let day = import.day(school);
        let reader = RowReader::new(import.mapping.clone(), evidence.orders(), day);
        Ok(Self { backend, actor, import, planner: Planner::new(reader, day), last: 0 })
    }

    /// Plans the next rows; none when all are planned. The people whom they are about are locked, so that what is
    /// planned in a transaction can be written in it.
    pub(super) async fn next(&mut self, connection: &mut PgConnection) -> Result<Vec<RowPlan>> {
        let rows = sqlx::query_as::<_, (i32, Json<Vec<String>>)>(
            "SELECT number, cells FROM import_rows WHERE import_id = $1 AND number > $2 ORDER BY number LIMIT $3",
        )
        .bind(self.import.id.0)
        .bind(self.last)
        .bind(i64::try_from(BATCH).map_err(Error::unexpected)?)
        .fetch_all(&mut *connection)
        .await?;
        let Some((last, _)) = rows.last() else { return Ok(Vec::new()) };
        self.last = *last;
        let mut read: Vec<ReadRow> = Vec::with_capacity(rows.len());
        for (number, Json(cells)) in rows {
            read.push(self.planner.read(u32::try_from(number).map_err(Error::unexpected)?, &cells));
        }
        let keys: Vec<&str> = read.iter().filter_map(ReadRow::wants).map(AdmissionNumber::as_str).collect();
        let on_roll = self.on_roll(connection, &keys).await?;
        Ok(read
            .into_iter()
            .map(|row| {
                let student = row.wants().and_then(|key| on_roll.get(key.as_str()));
                self.planner.plan(row, student)
            })
            .collect())
    }

    /// The counts and the fingerprint of the whole plan.
    pub(super) fn finish(self) -> (PlanCounts, PlanHash) {
        self.planner.finish()
    }

    async fn on_roll(&self, connection: &mut PgConnection, keys: &[&str]) -> Result<HashMap<String, OnRoll>> {
        let rows = sqlx::query_as::<_, RollRow>(
            "SELECT e.person_id, e.id AS enrolment_id, e.admission_number, p.given_name, p.middle_name, p.family_name,
                    p.preferred_name, p.born_on, p.language, e.year_group, e.registration_group, e.starts_on, e.ends_on,
                    m.value AS email, t.value AS phone,
                    ARRAY(SELECT lower(c.old_value) FROM accounts a
                          JOIN address_changes c ON c.organisation_id = a.organisation_id AND c.account_id = a.id
                          WHERE a.organisation_id = e.organisation_id AND a.person_id = e.person_id
                            AND c.old_value IS NOT NULL AND c.confirmed_at IS NOT NULL AND c.undone_at IS NULL
                            AND EXISTS (SELECT FROM address_changes k
                                        WHERE k.account_id = a.id AND k.confirmed_at IS NOT NULL AND k.undone_at IS NULL
                                          AND lower(k.new_value) = m.comparable)) AS left_emails
             FROM enrolments e
             JOIN people p ON p.id = e.person_id
             LEFT JOIN addresses m ON m.person_id = e.person_id AND m.kind = 'email' AND m.is_primary
             LEFT JOIN addresses t ON t.person_id = e.person_id AND t.kind = 'phone' AND t.is_primary
             WHERE e.school_id = $1 AND e.latest AND e.admission_number = ANY($2)
             FOR UPDATE OF e, p",
        )
        .bind(self.import.school.0)
        .bind(keys)
        .fetch_all(&mut *connection)
        .await?;
        let people: Vec<PersonId> = rows.iter().map(|row| PersonId(row.person_id)).collect();
        let outranking = outranking(self.backend, connection, self.actor, &people).await?;
        rows.into_iter()
            .map(|row| {
                let name =
                    PersonName::new(&row.given_name, &row.middle_name, &row.family_name, &row.preferred_name)
                        .map_err(Error::unexpected)?;
                let student = OnRoll {
                    person: PersonId(row.person_id),
                    enrolment: EnrolmentId(row.enrolment_id),
                    name,
                    born_on: row.born_on,
                    language: row.language,
                    year: row.year_group,
                    group: row.registration_group,
                    starts_on: row.starts_on,
                    ends_on: row.ends_on,
                    email: row.email,
                    left_emails: row.left_emails,
                    phone: row.phone,
                    outranks: outranking.contains(&PersonId(row.person_id)),
                    own: self.actor.person() == Some(PersonId(row.person_id)),
                };
                Ok((row.admission_number, student))
            })
            .collect()
    }
}

/// Looks through every date of the file for the order of day and month.
async fn date_evidence(connection: &mut PgConnection, import: &Import) -> Result<DateEvidence> {
    let column = |field| import.mapping.column_of(field).and_then(|at| i32::try_from(at).ok());
    let mut rows = sqlx::query_as::<_, (Option<String>, Option<String>, Option<String>)>(
        "SELECT cells ->> $2, cells ->> $3, cells ->> $4 FROM import_rows WHERE import_id = $1",
    )
    .bind(import.id.0)
    .bind(column(StudentField::DateOfBirth))
    .bind(column(StudentField::StartDate))
    .bind(column(StudentField::EndDate))
    .fetch(connection);
    let mut evidence = DateEvidence::default();
    while let Some((birth, start, end)) = rows.try_next().await? {
        evidence.note(birth.as_deref(), start.as_deref(), end.as_deref());
    }
    Ok(evidence)
}

/// Makes the temporary table that outcomes are gathered in; it ends with the transaction.
pub(super) async fn begin_outcomes(connection: &mut PgConnection) -> Result<()> {
    sqlx::query(
        "CREATE TEMPORARY TABLE import_outcomes (number integer, outcome text, code text, message text, key text) ON COMMIT DROP",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Adds outcomes to it.
pub(super) async fn add_outcomes(connection: &mut PgConnection, plans: &[RowPlan]) -> Result<()> {
    copy_rows(
        connection,
        "COPY import_outcomes (number, outcome, code, message, key) FROM STDIN",
        plans,
        |line, plan| {
            line.plain(plan.number)
                .text(plan.outcome.slug())
                .text(plan.code)
                .text(&plan.message)
                .text_or_null(plan.key.as_ref().map(AdmissionNumber::as_str));
        },
    )
    .await?;
    Ok(())
}

/// Puts the gathered outcomes into the log and keeps the plan's counts and fingerprint.
pub(super) async fn keep_plan(
    connection: &mut PgConnection,
    import: &Import,
    (counts, hash): (PlanCounts, PlanHash),
) -> Result<()> {
    sqlx::query(
        "UPDATE import_rows r SET outcome = o.outcome, code = o.code, message = o.message, key = o.key
         FROM import_outcomes o WHERE r.import_id = $1 AND r.number = o.number",
    )
    .bind(import.id.0)
    .execute(&mut *connection)
    .await?;
    sqlx::query("UPDATE imports SET state = 'planned', plan_hash = $2, counts = $3 WHERE id = $1")
        .bind(import.id.0)
        .bind(hash.as_bytes())
        .bind(Json(counts))
        .execute(connection)
        .await?;
    Ok(())
}
