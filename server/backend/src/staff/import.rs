//! The database side of importing staff.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::NaiveDate;
use domain::fold::fold;
use domain::ids::{EmploymentId, PersonId};
use domain::staff::import::{CurrentStaff, Employment, EmploymentWrite, ImportedStaff, StaffWrite};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;
use crate::db::copy_rows;
use crate::imports::kind::{Importing, StoredKind, WrittenTable};
use crate::roll::import::people;

/// Staff of a school.
pub(crate) struct StoredStaff;

/// What is known before rows are looked up.
pub(crate) struct KnownStaff {
    people: people::KnownPeople,
    /// People already linked by earlier rows of the file, with the staff code of those rows, so that nobody
    /// is employed twice.
    linked: Mutex<HashMap<PersonId, String>>,
}

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
        "UPDATE employments e SET starts_on = b.starts_on, ends_on = b.ends_on, updated_at = b.updated_at
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

#[derive(sqlx::FromRow)]
struct KnownRow {
    #[sqlx(flatten)]
    person: people::ImportPersonRow,
    comparable: String,
    staff_code: Option<String>,
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
                p.preferred_name, p.born_on, p.language, e.starts_on, e.ends_on, m.value AS email, t.value AS phone
         FROM employments e
         JOIN people p ON p.id = e.person_id
         LEFT JOIN addresses m ON m.person_id = e.person_id AND m.kind = 'email' AND m.is_primary
         LEFT JOIN addresses t ON t.person_id = e.person_id AND t.kind = 'phone' AND t.is_primary
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
            Ok((row.staff_code, CurrentStaff::Employed(row.person.current(cx, &known.people)?, employment)))
        })
        .collect()
}

/// People of the organisation with one of these email addresses who were never enrolled, by address, with
/// their code at the school.
async fn with_email(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    emails: &[String],
) -> Result<HashMap<String, Vec<KnownRow>>> {
    let found = sqlx::query_as::<_, KnownRow>(
        "SELECT p.id AS person_id, p.given_name, p.middle_name, p.family_name, p.preferred_name, p.born_on, p.language,
                m.value AS email, NULL::text AS phone, m.comparable, e.staff_code
         FROM addresses m
         JOIN people p ON p.id = m.person_id
         LEFT JOIN employments e ON e.school_id = $2 AND e.person_id = p.id
         WHERE m.organisation_id = $1 AND m.kind = 'email' AND m.is_primary AND m.comparable = ANY($3)
           AND NOT EXISTS (SELECT FROM enrolments r WHERE r.person_id = p.id)",
    )
    .bind(cx.school.organisation.0)
    .bind(cx.school.school.0)
    .bind(emails)
    .fetch_all(connection)
    .await?;
    let mut by_email: HashMap<String, Vec<KnownRow>> = HashMap::new();
    for row in found {
        by_email.entry(row.comparable.clone()).or_default().push(row);
    }
    Ok(by_email)
}

/// The person a row with a new code is about, if exactly one of these people has its name.
fn linked(
    cx: &Importing<'_>,
    known: &KnownStaff,
    row: &ImportedStaff,
    people: &[KnownRow],
) -> Result<Option<CurrentStaff>> {
    let Some(name) = row.person.name_after([""; 4]) else { return Ok(None) };
    let same = |person: &KnownRow| {
        let [given, family] = person.person.given_and_family();
        fold(given) == fold(name.given()) && fold(family) == fold(name.family())
    };
    let mut named = people.iter().filter(|person| same(person));
    let (Some(found), None) = (named.next(), named.next()) else { return Ok(None) };
    if let Some(code) = &found.staff_code {
        return Ok(Some(CurrentStaff::OtherCode(code.clone())));
    }
    let person = PersonId(found.person.person_id);
    let mut linked = known.linked.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(code) = linked.get(&person).filter(|code| *code != row.code.as_str()) {
        return Ok(Some(CurrentStaff::OtherCode(code.clone())));
    }
    linked.insert(person, row.code.as_str().to_owned());
    drop(linked);
    Ok(Some(CurrentStaff::Known(found.person.clone().current(cx, &known.people)?)))
}

/// The employments that are written: their ids, whether they are new, their people, and their dates.
fn employments<'a>(
    cx: &Importing<'_>,
    writes: &'a [StaffWrite],
    people: &'a [people::Numbered<'a>],
) -> Vec<(EmploymentId, bool, &'a people::Numbered<'a>, NaiveDate, Option<NaiveDate>)> {
    let written = writes.iter().zip(people).filter_map(|(write, person)| match write.employment {
        EmploymentWrite::Keep => None,
        EmploymentWrite::Change(Employment { id, starts_on, ends_on }) => {
            Some((id, false, person, starts_on, ends_on))
        }
        EmploymentWrite::Begin { starts_on, ends_on } => {
            Some((cx.backend.new_id(), true, person, starts_on, ends_on))
        }
    });
    written.collect()
}

impl StoredKind for StoredStaff {
    type Rules = domain::staff::import::StaffImport;
    type Known = KnownStaff;
    type Undoing = people::EmailsToRestore;

    const GATHER: &'static [&'static str] = &[
        people::GATHER_PEOPLE,
        "CREATE TEMPORARY TABLE import_employments (id uuid, is_new boolean, person_id uuid, staff_code text,
             starts_on date, ends_on date) ON COMMIT DROP",
        people::GATHER_ADDRESSES,
    ];
    const GATHERED: &'static str = "ANALYZE import_people, import_employments, import_addresses";
    const WRITTEN: &'static [WrittenTable] = &[people::PEOPLE, EMPLOYMENTS, people::ADDRESSES];

    async fn begin(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<KnownStaff> {
        Ok(KnownStaff { people: people::KnownPeople::of(cx, connection).await?, linked: Mutex::default() })
    }

    async fn current(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        known: &KnownStaff,
        rows: &[&ImportedStaff],
    ) -> Result<HashMap<String, CurrentStaff>> {
        let mut current = employed(cx, connection, known, rows).await?;
        let mut unknown = Vec::new();
        for row in rows {
            if is_elsewhere(cx, row) {
                current.insert(row.code.as_str().to_owned(), CurrentStaff::OtherSchool);
            } else if !current.contains_key(row.code.as_str()) {
                unknown.extend(row.person.email.value().map(|email| (*row, email.comparable())));
            }
        }
        let emails: Vec<String> = unknown.iter().map(|(_, email)| email.clone()).collect();
        let people = with_email(cx, connection, &emails).await?;
        for (row, email) in unknown {
            if let Some(people) = people.get(&email)
                && let Some(found) = linked(cx, known, row, people)?
            {
                current.entry(row.code.as_str().to_owned()).or_insert(found);
            }
        }
        Ok(current)
    }

    async fn gather(cx: &Importing<'_>, connection: &mut PgConnection, writes: &[StaffWrite]) -> Result<()> {
        let numbered: Vec<people::Numbered<'_>> =
            writes.iter().map(|write| people::Numbered::new(cx, &write.person, &write.code)).collect();
        copy_rows(
            connection,
            "COPY import_employments (id, is_new, person_id, staff_code, starts_on, ends_on) FROM STDIN",
            employments(cx, writes, &numbered),
            |line, (id, is_new, person, starts_on, ends_on)| {
                line.plain(id)
                    .plain(is_new)
                    .plain(person.id)
                    .text(person.number)
                    .plain(starts_on)
                    .plain_or_null(ends_on);
            },
        )
        .await?;
        people::gather(cx, connection, &numbered).await
    }

    async fn apply(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<()> {
        people::apply_details(cx, connection).await?;
        let (organisation, now) = (cx.school.organisation.0, cx.backend.now());
        sqlx::query(
            "INSERT INTO employments (id, organisation_id, school_id, person_id, staff_code, starts_on, ends_on, created_at, updated_at)
             SELECT id, $1, $2, person_id, staff_code, starts_on, ends_on, $3, $3 FROM import_employments WHERE is_new",
        )
        .bind(organisation)
        .bind(cx.school.school.0)
        .bind(now)
        .execute(&mut *connection)
        .await?;
        sqlx::query(
            "UPDATE employments e SET starts_on = i.starts_on, ends_on = i.ends_on, updated_at = $2
             FROM import_employments i WHERE NOT i.is_new AND e.organisation_id = $1 AND e.id = i.id",
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
