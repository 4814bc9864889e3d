//! The database side of importing students.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::ids::{AccountId, EnrolmentId, PersonId};
use domain::imports::kind::ImportDeclaration;
use domain::roll::import::write::{
    CurrentEnrolment, CurrentStudent, EnrolmentDetails, EnrolmentWrite, FreedNumber, StudentWrite,
};
use domain::roll::import::{STUDENTS, StudentRow};
use sqlx::PgConnection;
use uuid::Uuid;

use super::candidates::{self, KnownStudents};
use super::{people, undo};
use crate::db::copy_rows;
use crate::error::breaks_constraint;
use crate::imports::kind::{Importing, StoredKind, StoredMatches};
use crate::imports::written::{WrittenKind, WrittenTable};
use crate::{Error, Result};

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
             WHERE i.is_new AND i.latest AND e.organisation_id = $1
               AND NOT EXISTS (SELECT FROM import_enrolments c WHERE c.id = e.id AND NOT c.is_new)",
    after: "INSERT INTO import_writes (organisation_id, import_id, kind, id, person_id, before, left_as)
            SELECT $1::uuid, $2::uuid, 'enrolment', b.id, b.person_id, b.before, fingerprint(e)
            FROM import_before b JOIN enrolments e ON e.id = b.id WHERE b.kind = 'enrolment'
            UNION ALL
            SELECT $1::uuid, $2::uuid, 'enrolment', e.id, e.person_id, NULL, fingerprint(e)
            FROM import_enrolments i JOIN enrolments e ON e.id = i.id WHERE i.is_new",
    remove: "DELETE FROM enrolments WHERE organisation_id = $1
               AND id IN (SELECT id FROM import_writes WHERE import_id = $2 AND kind = 'enrolment' AND before IS NULL)",
    restore: &[
        // The unique index checks each row as it is written, so numbers that change are taken away first.
        "UPDATE enrolments e SET admission_number = e.id::text
         FROM import_writes w, jsonb_populate_record(NULL::enrolments, w.before) b
         WHERE e.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'enrolment' AND w.before IS NOT NULL AND e.id = w.id
           AND e.admission_number <> b.admission_number",
        "UPDATE enrolments e SET admission_number = b.admission_number, year_group = b.year_group, registration_group = b.registration_group,
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

#[derive(sqlx::FromRow)]
struct EarlierEnrolment {
    id: Uuid,
    person_id: Uuid,
    admission_number: String,
    year_group: String,
    registration_group: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
}

/// A number that somebody else still has: what was decided about the rows does not fit together.
fn number_taken(error: sqlx::Error) -> Error {
    if breaks_constraint(&error, "enrolments_admission_number_key") {
        return Error::conflict(
            "admission_number_taken",
            "An admission number would belong to two students. Look at what you decided about the rows that were held back.",
        );
    }
    error.into()
}

/// An enrolment that is written.
struct WrittenEnrolment<'a> {
    id: EnrolmentId,
    is_new: bool,
    latest: bool,
    /// Whether its number becomes somebody else's.
    freed: bool,
    person: PersonId,
    number: &'a str,
    details: &'a EnrolmentDetails,
}

/// The enrolments that are written: the latest ones, those that become history, and those whose number becomes
/// somebody else's.
fn enrolments<'a>(
    cx: &Importing<'_>,
    writes: &'a [StudentWrite],
    people: &'a [people::Numbered<'a>],
) -> Vec<WrittenEnrolment<'a>> {
    let mut written = Vec::with_capacity(writes.len());
    for (write, person) in writes.iter().zip(people) {
        let latest = std::iter::once((true, person.number, &write.enrolment));
        let earlier = write.earlier.iter();
        let earlier = earlier.map(|earlier| (false, earlier.number.as_str(), &earlier.enrolment));
        for (latest, number, enrolment) in latest.chain(earlier) {
            let (id, is_new, details) = match enrolment {
                EnrolmentWrite::Keep => continue,
                EnrolmentWrite::Change(id, details) => (*id, false, details),
                EnrolmentWrite::Begin(details) => (cx.backend.new_id(), true, details),
            };
            let person = person.id;
            written.push(WrittenEnrolment { id, is_new, latest, freed: false, person, number, details });
        }
        if let Some(FreedNumber { person, enrolment }) = &write.frees {
            let CurrentEnrolment { id, number, details } = enrolment;
            let (id, person) = (*id, *person);
            written.push(WrittenEnrolment {
                id,
                is_new: false,
                latest: true,
                freed: true,
                person,
                number,
                details,
            });
        }
    }
    written
}

impl WrittenKind for StoredStudents {
    type Undoing = undo::EmailsToRestore;

    const DECLARATION: &'static ImportDeclaration = &STUDENTS;
    const GATHER: &'static [&'static str] = &[
        people::GATHER_PEOPLE,
        "CREATE TEMPORARY TABLE import_enrolments (id uuid, is_new boolean, latest boolean, freed boolean, school_id uuid, person_id uuid, admission_number text,
             year_group text, registration_group text, starts_on date, ends_on date) ON COMMIT DROP",
        people::GATHER_ADDRESSES,
    ];
    const GATHERED: &'static str = "ANALYZE import_people, import_enrolments, import_addresses";
    const WRITTEN: &'static [WrittenTable] = &[people::PEOPLE, ENROLMENTS, people::ADDRESSES];
    const STANDING: Option<&'static str> = Some(
        "SELECT count(*) FROM enrolments
         WHERE organisation_id = $1 AND school_id = $2 AND (ends_on IS NULL OR ends_on >= $3)",
    );
    // Every change of a person, an enrolment or an address is noted for the roll in memory, and kept for a day.
    const IS_AS_PLANNED: Option<&'static str> = Some(
        "SELECT FROM imports i
         WHERE i.organisation_id = $1 AND i.id = $2 AND i.planned_at > clock_timestamp() - interval '12 hours'
           AND NOT EXISTS (
             SELECT FROM roll_changes c
             WHERE c.organisation_id = i.organisation_id AND c.xid >= pg_snapshot_xmin(i.planned_as_of)
               AND NOT pg_visible_in_snapshot(c.xid, i.planned_as_of))",
    );

    async fn apply(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<Vec<(AccountId, PersonId)>> {
        people::apply_details(cx, connection).await?;
        let (organisation, now) = (cx.school.organisation.0, cx.backend.now());
        sqlx::query(
            "UPDATE enrolments e SET latest = false, updated_at = $2
             FROM import_enrolments i
             WHERE i.is_new AND i.latest AND e.organisation_id = $1 AND e.school_id = i.school_id AND e.person_id = i.person_id AND e.latest",
        )
        .bind(organisation)
        .bind(now)
        .execute(&mut *connection)
        .await?;
        // The unique index checks each row as it is written, so numbers that change are taken away first: two may be
        // swapped, or one given to somebody new.
        sqlx::query(
            "UPDATE enrolments e SET admission_number = e.id::text
             FROM import_enrolments i
             WHERE NOT i.is_new AND e.organisation_id = $1 AND e.id = i.id AND e.admission_number <> i.admission_number",
        )
        .bind(organisation)
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "INSERT INTO enrolments (id, organisation_id, school_id, person_id, admission_number, year_group, registration_group, starts_on, ends_on, latest, created_at, updated_at)
             SELECT id, $1, school_id, person_id, admission_number, year_group, registration_group, starts_on, ends_on, latest, $2, $2
             FROM import_enrolments WHERE is_new",
        )
        .bind(organisation)
        .bind(now)
        .execute(&mut *connection)
        .await
        .map_err(number_taken)?;
        sqlx::query(
            "UPDATE enrolments e SET admission_number = i.admission_number, year_group = i.year_group, registration_group = i.registration_group,
                    starts_on = i.starts_on, ends_on = i.ends_on, updated_at = $2
             FROM import_enrolments i WHERE NOT i.is_new AND e.organisation_id = $1 AND e.id = i.id",
        )
        .bind(organisation)
        .bind(now)
        .execute(&mut *connection)
        .await
        .map_err(number_taken)?;
        people::apply_addresses(cx, connection).await
    }

    async fn before_undo(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<undo::EmailsToRestore> {
        undo::lock(cx, connection).await?;
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
        undo::before_undo(cx, connection, in_the_way).await
    }

    async fn after_undo(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        undoing: undo::EmailsToRestore,
    ) -> Result<()> {
        undo::after_undo(cx, connection, undoing).await
    }
}

impl StoredKind for StoredStudents {
    type Rules = domain::roll::import::StudentImport;
    type Known = KnownStudents;

    const FREED: &'static str =
        "SELECT person_id, admission_number FROM import_enrolments WHERE freed ORDER BY id";
    async fn begin(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<KnownStudents> {
        KnownStudents::of(cx, connection).await
    }

    async fn current(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        known: &KnownStudents,
        rows: &[&StudentRow],
    ) -> Result<StoredMatches<CurrentStudent>> {
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
                    m.value AS email, t.value AS phone, a.username AS account
             FROM enrolments e
             JOIN people p ON p.id = e.person_id
             LEFT JOIN addresses m ON m.person_id = e.person_id AND m.kind = 'email' AND m.is_primary
             LEFT JOIN addresses t ON t.person_id = e.person_id AND t.kind = 'phone' AND t.is_primary
             LEFT JOIN accounts a ON a.organisation_id = e.organisation_id AND a.person_id = e.person_id AND a.state <> 'closed'
             WHERE e.school_id = $1 AND e.latest AND e.admission_number = ANY($2)",
        )
        .bind(cx.school.school.0)
        .bind(numbers)
        .fetch_all(&mut *connection)
        .await?;
        let student = |row: StudentOnRoll| {
            let details = EnrolmentDetails {
                year: row.year_group,
                group: row.registration_group,
                starts_on: row.starts_on,
                ends_on: row.ends_on,
            };
            let (id, number) = (EnrolmentId(row.enrolment_id), row.admission_number);
            let student = CurrentStudent {
                person: row.person.current(cx, &known.people, &[cx.school.school])?,
                enrolment: Some(CurrentEnrolment { id, number: number.clone(), details }),
                earlier: Vec::new(),
                elsewhere: Vec::new(),
                may_take: true,
            };
            Ok((number, student))
        };
        let keyed: HashMap<String, CurrentStudent> = found.into_iter().map(student).collect::<Result<_>>()?;
        let others = candidates::others(cx, connection, known, rows, &keyed).await?;
        Ok(StoredMatches { keyed, others })
    }

    async fn read_earlier(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        matches: &mut StoredMatches<CurrentStudent>,
    ) -> Result<()> {
        let mut students: HashMap<Uuid, Vec<&mut CurrentStudent>> = HashMap::new();
        for student in matches.keyed.values_mut().chain(matches.others.values_mut().flatten()) {
            students.entry(student.person.person.0).or_default().push(student);
        }
        let found = sqlx::query_as::<_, EarlierEnrolment>(
            "SELECT id, person_id, admission_number, year_group, registration_group, starts_on, ends_on FROM enrolments
             WHERE organisation_id = $1 AND school_id = $2 AND person_id = ANY($3) AND NOT latest ORDER BY starts_on, id",
        )
        .bind(cx.school.organisation.0)
        .bind(cx.school.school.0)
        .bind(students.keys().copied().collect::<Vec<_>>())
        .fetch_all(connection)
        .await?;
        for row in found {
            let of = students.get_mut(&row.person_id);
            let enrolment = CurrentEnrolment {
                id: EnrolmentId(row.id),
                number: row.admission_number,
                details: EnrolmentDetails {
                    year: row.year_group,
                    group: row.registration_group,
                    starts_on: row.starts_on,
                    ends_on: row.ends_on,
                },
            };
            for student in of.into_iter().flatten() {
                student.earlier.push(enrolment.clone());
            }
        }
        Ok(())
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
            "COPY import_enrolments (id, is_new, latest, freed, school_id, person_id, admission_number, year_group, registration_group, starts_on, ends_on) FROM STDIN",
            enrolments(cx, writes, &numbered),
            |line, WrittenEnrolment { id, is_new, latest, freed, person, number, details }| {
                line.plain(id)
                    .plain(is_new)
                    .plain(latest)
                    .plain(freed)
                    .plain(cx.school.school)
                    .plain(person)
                    .text(number)
                    .text(&details.year)
                    .text(&details.group)
                    .plain(details.starts_on)
                    .plain_or_null(details.ends_on);
            },
        )
        .await?;
        people::gather(cx, connection, &numbered).await
    }
}
