//! The database side of importing staff.

mod candidates;
mod written;

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::fold::fold;
use domain::ids::{AccountId, EmploymentId, PersonId};
use domain::imports::kind::ImportDeclaration;
use domain::staff::import::{CurrentStaff, Employment, ImportedStaff, STAFF, StaffWrite};
use sqlx::PgConnection;
use uuid::Uuid;

use self::candidates::KnownStaff;
use self::written::{WrittenEmployment, employments};
use crate::db::copy_rows;
use crate::error::breaks_constraint;
use crate::imports::kind::{Importing, StoredKind, StoredMatches};
use crate::imports::written::{WrittenKind, WrittenTable};
use crate::roll::import::{people, undo};
use crate::{Error, Result};

/// Staff of a school.
pub(crate) struct StoredStaff;

const EMPLOYMENTS: WrittenTable = WrittenTable {
    before: "INSERT INTO import_before (kind, id, person_id, before)
             SELECT 'employment', e.id, e.person_id, to_jsonb(e)
             FROM import_employments i JOIN employments e ON e.id = i.id
             WHERE NOT i.is_new AND e.organisation_id = $1",
    after: "INSERT INTO import_writes (organisation_id, import_id, kind, id, person_id, before, left_as)
            SELECT $1::uuid, $2::uuid, 'employment', b.id, b.person_id, b.before, fingerprint(e)
            FROM import_before b JOIN employments e ON e.id = b.id WHERE b.kind = 'employment'
            UNION ALL
            SELECT $1::uuid, $2::uuid, 'employment', e.id, e.person_id, NULL, fingerprint(e)
            FROM import_employments i JOIN employments e ON e.id = i.id WHERE i.is_new",
    remove: "DELETE FROM employments WHERE organisation_id = $1
               AND id IN (SELECT id FROM import_writes WHERE import_id = $2 AND kind = 'employment' AND before IS NULL)",
    restore: &[
        // The unique index checks each row as it is written, so codes that change are taken away first.
        "UPDATE employments e SET staff_code = e.id::text
         FROM import_writes w, jsonb_populate_record(NULL::employments, w.before) b
         WHERE e.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'employment' AND w.before IS NOT NULL AND e.id = w.id
           AND e.staff_code <> b.staff_code",
        "UPDATE employments e SET staff_code = b.staff_code, starts_on = b.starts_on, ends_on = b.ends_on, updated_at = b.updated_at
         FROM import_writes w, jsonb_populate_record(NULL::employments, w.before) b
         WHERE e.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'employment' AND w.before IS NOT NULL AND e.id = w.id",
    ],
};

#[derive(sqlx::FromRow)]
struct EmployedRow {
    #[sqlx(flatten)]
    person: people::ImportPersonRow,
    employment_id: Uuid,
    staff_code: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
}

/// Whether a row is for another school than its file.
fn is_elsewhere(cx: &Importing<'_>, row: &ImportedStaff) -> bool {
    row.school.value().is_some_and(|said| {
        let said = fold(said);
        said != fold(&cx.school.code) && said != fold(&cx.school.name)
    })
}

/// The people at the school who have one of these codes.
async fn employed(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    known: &KnownStaff,
    rows: &[&ImportedStaff],
) -> Result<HashMap<String, CurrentStaff>> {
    let codes: Vec<&str> = rows.iter().map(|row| row.code.as_str()).collect();
    if cx.locks {
        sqlx::query(
            "SELECT FROM employments e JOIN people p ON p.id = e.person_id
             WHERE e.school_id = $1 AND e.staff_code = ANY($2) ORDER BY e.id FOR UPDATE OF e, p",
        )
        .bind(cx.school.school.0)
        .bind(&codes)
        .execute(&mut *connection)
        .await?;
    }
    let found = sqlx::query_as::<_, EmployedRow>(
        "SELECT e.person_id, e.id AS employment_id, e.staff_code, p.given_name, p.middle_name, p.family_name,
                p.preferred_name, p.born_on, p.language, e.starts_on, e.ends_on, m.value AS email, t.value AS phone, a.username AS account
         FROM employments e
         JOIN people p ON p.id = e.person_id
         LEFT JOIN addresses m ON m.person_id = e.person_id AND m.kind = 'email' AND m.is_primary
         LEFT JOIN addresses t ON t.person_id = e.person_id AND t.kind = 'phone' AND t.is_primary
         LEFT JOIN accounts a ON a.organisation_id = e.organisation_id AND a.person_id = e.person_id AND a.state <> 'closed'
         WHERE e.school_id = $1 AND e.staff_code = ANY($2)",
    )
    .bind(cx.school.school.0)
    .bind(codes)
    .fetch_all(connection)
    .await?;
    found
        .into_iter()
        .map(|row| {
            let employment = Employment {
                id: EmploymentId(row.employment_id),
                starts_on: row.starts_on,
                ends_on: row.ends_on,
            };
            let person = row.person.current(cx, &known.people, &[])?;
            Ok((row.staff_code.clone(), CurrentStaff::Employed(person, row.staff_code, employment)))
        })
        .collect()
}

/// A code that somebody else still has: what was decided about the rows does not fit together.
fn code_taken(error: sqlx::Error) -> Error {
    if breaks_constraint(&error, "employments_staff_code_key") {
        return Error::conflict(
            "staff_code_taken",
            "A staff code would belong to two people. Look at what you decided about the rows that were held back.",
        );
    }
    error.into()
}

impl WrittenKind for StoredStaff {
    type Undoing = undo::EmailsToRestore;

    const DECLARATION: &'static ImportDeclaration = &STAFF;
    const GATHER: &'static [&'static str] = &[
        people::GATHER_PEOPLE,
        "CREATE TEMPORARY TABLE import_employments (id uuid, is_new boolean, freed boolean, person_id uuid, staff_code text,
             starts_on date, ends_on date) ON COMMIT DROP",
        people::GATHER_ADDRESSES,
    ];
    const GATHERED: &'static str = "ANALYZE import_people, import_employments, import_addresses";
    const WRITTEN: &'static [WrittenTable] = &[people::PEOPLE, EMPLOYMENTS, people::ADDRESSES];
    const STANDING: Option<&'static str> = Some(
        "SELECT count(*) FROM employments
         WHERE organisation_id = $1 AND school_id = $2 AND (ends_on IS NULL OR ends_on >= $3)",
    );

    async fn apply(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<Vec<(AccountId, PersonId)>> {
        people::apply_details(cx, connection).await?;
        let (organisation, now) = (cx.school.organisation.0, cx.backend.now());
        // The unique index checks each row as it is written, so codes that change are taken away first.
        sqlx::query(
            "UPDATE employments e SET staff_code = e.id::text
             FROM import_employments i
             WHERE NOT i.is_new AND e.organisation_id = $1 AND e.id = i.id AND e.staff_code <> i.staff_code",
        )
        .bind(organisation)
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "INSERT INTO employments (id, organisation_id, school_id, person_id, staff_code, starts_on, ends_on, created_at, updated_at)
             SELECT id, $1, $2, person_id, staff_code, starts_on, ends_on, $3, $3 FROM import_employments WHERE is_new",
        )
        .bind(organisation)
        .bind(cx.school.school.0)
        .bind(now)
        .execute(&mut *connection)
        .await
        .map_err(code_taken)?;
        sqlx::query(
            "UPDATE employments e SET staff_code = i.staff_code, starts_on = i.starts_on, ends_on = i.ends_on, updated_at = $2
             FROM import_employments i WHERE NOT i.is_new AND e.organisation_id = $1 AND e.id = i.id",
        )
        .bind(organisation)
        .bind(now)
        .execute(&mut *connection)
        .await
        .map_err(code_taken)?;
        people::apply_addresses(cx, connection).await
    }

    async fn before_undo(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<undo::EmailsToRestore> {
        undo::lock(cx, connection).await?;
        // People whose employment changed since the import, or who are employed elsewhere too.
        let in_the_way: Vec<Uuid> = sqlx::query_scalar(
            "WITH written AS (SELECT * FROM import_writes WHERE organisation_id = $1 AND import_id = $2)
             SELECT w.person_id FROM written w LEFT JOIN employments e ON e.id = w.id
             WHERE w.kind = 'employment' AND fingerprint(e) IS DISTINCT FROM w.left_as
             UNION
             SELECT e.person_id FROM employments e
             JOIN written p ON p.kind = 'person' AND p.before IS NULL AND p.id = e.person_id
             WHERE NOT EXISTS (SELECT FROM written w WHERE w.kind = 'employment' AND w.id = e.id)",
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

impl StoredKind for StoredStaff {
    type Rules = domain::staff::import::StaffImport;
    type Known = KnownStaff;

    const FREED: &'static str =
        "SELECT person_id, staff_code FROM import_employments WHERE freed ORDER BY id";
    async fn begin(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<KnownStaff> {
        KnownStaff::of(cx, connection).await
    }

    async fn current(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        known: &KnownStaff,
        rows: &[&ImportedStaff],
    ) -> Result<StoredMatches<CurrentStaff>> {
        let mut keyed = employed(cx, connection, known, rows).await?;
        for row in rows.iter().filter(|row| is_elsewhere(cx, row)) {
            keyed.insert(row.code.as_str().to_owned(), CurrentStaff::OtherSchool);
        }
        let others = candidates::others(cx, connection, known, rows, &keyed).await?;
        Ok(StoredMatches { keyed, others })
    }

    async fn gather(cx: &Importing<'_>, connection: &mut PgConnection, writes: &[StaffWrite]) -> Result<()> {
        let numbered: Vec<people::Numbered<'_>> =
            writes.iter().map(|write| people::Numbered::new(cx, &write.person, &write.code)).collect();
        copy_rows(
            connection,
            "COPY import_employments (id, is_new, freed, person_id, staff_code, starts_on, ends_on) FROM STDIN",
            employments(cx, writes, &numbered),
            |line, WrittenEmployment { is_new, freed, person, code, employment }| {
                line.plain(employment.id)
                    .plain(is_new)
                    .plain(freed)
                    .plain(person)
                    .text(code)
                    .plain(employment.starts_on)
                    .plain_or_null(employment.ends_on);
            },
        )
        .await?;
        people::gather(cx, connection, &numbered).await
    }
}
