//! The database side of importing students.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::ids::EnrolmentId;
use domain::roll::import::StudentRow;
use domain::roll::import::write::{CurrentStudent, EnrolmentDetails, EnrolmentWrite, StudentWrite};
use sqlx::PgConnection;
use uuid::Uuid;

use super::people;
use crate::Result;
use crate::db::copy_rows;
use crate::imports::kind::{Importing, StoredKind, WrittenTable};

/// Students of a school.
pub(crate) struct StoredStudents;

const ENROLMENTS: WrittenTable = WrittenTable {
    before: "INSERT INTO import_before (kind, id, person_id, before)
             SELECT 'enrolment', e.id, e.person_id, to_jsonb(e)
             FROM import_enrolments i JOIN enrolments e ON e.id = i.id WHERE NOT i.is_new AND e.organisation_id = $1
             UNION ALL
             -- One that begins takes the place of another.
             SELECT 'enrolment', e.id, e.person_id, to_jsonb(e)
             FROM import_enrolments i
             JOIN enrolments e ON e.school_id = i.school_id AND e.person_id = i.person_id AND e.latest
             WHERE i.is_new AND e.organisation_id = $1",
    after: "INSERT INTO import_writes (organisation_id, import_id, kind, id, person_id, before, left_as)
            SELECT $1::uuid, $2::uuid, 'enrolment', b.id, b.person_id, b.before, fingerprint(e)
            FROM import_before b JOIN enrolments e ON e.id = b.id WHERE b.kind = 'enrolment'
            UNION ALL
            SELECT $1::uuid, $2::uuid, 'enrolment', e.id, e.person_id, NULL, fingerprint(e)
            FROM import_enrolments i JOIN enrolments e ON e.id = i.id WHERE i.is_new",
    remove: "DELETE FROM enrolments WHERE organisation_id = $1
               AND id IN (SELECT id FROM import_writes WHERE import_id = $2 AND kind = 'enrolment' AND before IS NULL)",
    restore: &[
        "UPDATE enrolments e SET year_group = b.year_group, registration_group = b.registration_group,
                starts_on = b.starts_on, ends_on = b.ends_on, latest = b.latest, updated_at = b.updated_at
         FROM import_writes w, jsonb_populate_record(NULL::enrolments, w.before) b
         WHERE e.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'enrolment' AND w.before IS NOT NULL AND e.id = w.id",
    ],
};

#[derive(sqlx::FromRow)]
struct StudentOnRoll {
    #[sqlx(flatten)]
    person: people::ImportPersonRow,
    enrolment_id: Uuid,
    admission_number: String,
    year_group: String,
    registration_group: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
}

/// The enrolments that are written: their ids, whether they are new, their people, and their values.
fn enrolments<'a>(
    cx: &Importing<'_>,
    writes: &'a [StudentWrite],
    people: &'a [people::Numbered<'a>],
) -> Vec<(EnrolmentId, bool, &'a people::Numbered<'a>, &'a EnrolmentDetails)> {
    let written = writes.iter().zip(people).filter_map(|(write, person)| match &write.enrolment {
        EnrolmentWrite::Keep => None,
        EnrolmentWrite::Change(id, details) => Some((*id, false, person, details)),
        EnrolmentWrite::Begin(details) => Some((cx.backend.new_id(), true, person, details)),
    });
    written.collect()
}

impl StoredKind for StoredStudents {
    type Rules = domain::roll::import::StudentImport;
    type Known = people::KnownPeople;
    type Undoing = people::EmailsToRestore;

    const GATHER: &'static [&'static str] = &[
        people::GATHER_PEOPLE,
        "CREATE TEMPORARY TABLE import_enrolments (id uuid, is_new boolean, school_id uuid, person_id uuid, admission_number text,
             year_group text, registration_group text, starts_on date, ends_on date) ON COMMIT DROP",
        people::GATHER_ADDRESSES,
    ];
    const GATHERED: &'static str = "ANALYZE import_people, import_enrolments, import_addresses";
    const WRITTEN: &'static [WrittenTable] = &[people::PEOPLE, ENROLMENTS, people::ADDRESSES];
    // Every change of a person, an enrolment or an address is noted for the roll in memory, and kept for a day.
    const IS_AS_PLANNED: Option<&'static str> = Some(
        "SELECT FROM imports i
         WHERE i.organisation_id = $1 AND i.id = $2 AND i.planned_at > clock_timestamp() - interval '12 hours'
           AND NOT EXISTS (
             SELECT FROM roll_changes c
             WHERE c.organisation_id = i.organisation_id AND c.xid >= pg_snapshot_xmin(i.planned_as_of)
               AND NOT pg_visible_in_snapshot(c.xid, i.planned_as_of))",
    );

    async fn begin(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<people::KnownPeople> {
        people::KnownPeople::of(cx, connection).await
    }

    async fn current(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        known: &people::KnownPeople,
        rows: &[&StudentRow],
    ) -> Result<HashMap<String, CurrentStudent>> {
        let numbers: Vec<&str> = rows.iter().map(|row| row.admission_number.as_str()).collect();
        if cx.locks {
            sqlx::query(
                "SELECT FROM enrolments e JOIN people p ON p.id = e.person_id
                 WHERE e.school_id = $1 AND e.latest AND e.admission_number = ANY($2) ORDER BY e.id FOR UPDATE OF e, p",
            )
            .bind(cx.school.school.0)
            .bind(&numbers)
            .execute(&mut *connection)
            .await?;
        }
        let found = sqlx::query_as::<_, StudentOnRoll>(
            "SELECT e.person_id, e.id AS enrolment_id, e.admission_number, p.given_name, p.middle_name, p.family_name,
                    p.preferred_name, p.born_on, p.language, e.year_group, e.registration_group, e.starts_on, e.ends_on,
                    m.value AS email, t.value AS phone
             FROM enrolments e
             JOIN people p ON p.id = e.person_id
             LEFT JOIN addresses m ON m.person_id = e.person_id AND m.kind = 'email' AND m.is_primary
             LEFT JOIN addresses t ON t.person_id = e.person_id AND t.kind = 'phone' AND t.is_primary
             WHERE e.school_id = $1 AND e.latest AND e.admission_number = ANY($2)",
        )
        .bind(cx.school.school.0)
        .bind(numbers)
        .fetch_all(connection)
        .await?;
        found
            .into_iter()
            .map(|row| {
                let student = CurrentStudent {
                    person: row.person.current(cx, known)?,
                    enrolment: EnrolmentId(row.enrolment_id),
                    year: row.year_group,
                    group: row.registration_group,
                    starts_on: row.starts_on,
                    ends_on: row.ends_on,
                };
                Ok((row.admission_number, student))
            })
            .collect()
    }

    async fn gather(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        writes: &[StudentWrite],
    ) -> Result<()> {
        let numbered: Vec<people::Numbered<'_>> = writes
            .iter()
            .map(|write| people::Numbered::new(cx, &write.person, &write.admission_number))
            .collect();
        copy_rows(
            connection,
            "COPY import_enrolments (id, is_new, school_id, person_id, admission_number, year_group, registration_group, starts_on, ends_on) FROM STDIN",
            enrolments(cx, writes, &numbered),
            |line, (id, is_new, person, details)| {
                line.plain(id)
                    .plain(is_new)
                    .plain(cx.school.school)
                    .plain(person.id)
                    .text(person.number)
                    .text(&details.year)
                    .text(&details.group)
                    .plain(details.starts_on)
                    .plain_or_null(details.ends_on);
            },
        )
        .await?;
        people::gather(cx, connection, &numbered).await
    }

    async fn apply(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<()> {
        people::apply_details(cx, connection).await?;
        let (organisation, now) = (cx.school.organisation.0, cx.backend.now());
        sqlx::query(
            "UPDATE enrolments e SET latest = false, updated_at = $2
             FROM import_enrolments i WHERE i.is_new AND e.organisation_id = $1 AND e.school_id = i.school_id AND e.person_id = i.person_id AND e.latest",
        )
        .bind(organisation)
        .bind(now)
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "INSERT INTO enrolments (id, organisation_id, school_id, person_id, admission_number, year_group, registration_group, starts_on, ends_on, latest, created_at, updated_at)
             SELECT id, $1, school_id, person_id, admission_number, year_group, registration_group, starts_on, ends_on, true, $2, $2
             FROM import_enrolments WHERE is_new",
        )
        .bind(organisation)
        .bind(now)
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "UPDATE enrolments e SET year_group = i.year_group, registration_group = i.registration_group,
                    starts_on = i.starts_on, ends_on = i.ends_on, updated_at = $2
             FROM import_enrolments i WHERE NOT i.is_new AND e.organisation_id = $1 AND e.id = i.id",
        )
        .bind(organisation)
        .bind(now)
        .execute(&mut *connection)
        .await?;
        people::apply_addresses(cx, connection).await
    }

    async fn before_undo(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
    ) -> Result<people::EmailsToRestore> {
        people::lock(cx, connection).await?;
        // People who were enrolled again since the import, or whose enrolment changed.
        let in_the_way: Vec<Uuid> = sqlx::query_scalar(
            "WITH written AS (SELECT * FROM import_writes WHERE organisation_id = $1 AND import_id = $2)
             SELECT w.person_id FROM written w LEFT JOIN enrolments e ON e.id = w.id
             WHERE w.kind = 'enrolment' AND fingerprint(e) IS DISTINCT FROM w.left_as
             UNION
             SELECT e.person_id FROM enrolments e
             JOIN written p ON p.kind = 'person' AND p.before IS NULL AND p.id = e.person_id
             WHERE NOT EXISTS (SELECT FROM written w WHERE w.kind = 'enrolment' AND w.id = e.id)",
        )
        .bind(cx.school.organisation.0)
        .bind(cx.import.0)
        .fetch_all(&mut *connection)
        .await?;
        people::before_undo(cx, connection, in_the_way).await
    }

    async fn after_undo(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        undoing: people::EmailsToRestore,
    ) -> Result<()> {
        people::after_undo(cx, connection, undoing).await
    }
}
