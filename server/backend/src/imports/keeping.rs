//! Keeping what an import writes, so that it can be taken back.

use domain::ids::{ImportId, OrganisationId, SchoolId};
use sqlx::PgConnection;

use crate::Result;

/// Notes the rows that the gathered plan will write, as they are before it. Ends with the transaction.
pub(super) async fn before(connection: &mut PgConnection, school: SchoolId) -> Result<()> {
    sqlx::query(
        "CREATE TEMPORARY TABLE import_before (kind text, id uuid, person_id uuid, before jsonb) ON COMMIT DROP",
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO import_before (kind, id, person_id, before)
         SELECT 'person' AS kind, i.id, i.id AS person_id, to_jsonb(p) AS before
         FROM import_people i LEFT JOIN people p ON p.id = i.id
         UNION ALL
         SELECT 'enrolment', i.id, i.person_id, to_jsonb(e)
         FROM import_enrolments i LEFT JOIN enrolments e ON e.id = i.id
         UNION ALL
         -- One that begins takes the place of another.
         SELECT 'enrolment', e.id, e.person_id, to_jsonb(e)
         FROM import_enrolments i
         JOIN enrolments e ON e.school_id = $1 AND e.person_id = i.person_id AND e.latest
         WHERE i.is_new
         UNION ALL
         SELECT DISTINCT 'address', a.id, a.person_id, to_jsonb(a)
         FROM import_addresses i
         JOIN addresses a ON a.person_id = i.person_id AND a.kind = i.kind AND (a.is_primary OR a.comparable = i.comparable)
         UNION ALL
         SELECT 'address', i.id, i.person_id, NULL
         FROM import_addresses i
         WHERE NOT EXISTS (SELECT FROM addresses a WHERE a.person_id = i.person_id AND a.kind = i.kind AND a.comparable = i.comparable)",
    )
    .bind(school.0)
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps them beside what the import made of them.
pub(super) async fn after(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    import: ImportId,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO import_writes (organisation_id, import_id, kind, id, person_id, before, after)
         SELECT $1, $2, b.kind, b.id, b.person_id, b.before, coalesce(to_jsonb(p), to_jsonb(e), to_jsonb(a))
         FROM import_before b
         LEFT JOIN people p ON b.kind = 'person' AND p.id = b.id
         LEFT JOIN enrolments e ON b.kind = 'enrolment' AND e.id = b.id
         LEFT JOIN addresses a ON b.kind = 'address' AND a.id = b.id",
    )
    .bind(organisation.0)
    .bind(import.0)
    .execute(connection)
    .await?;
    Ok(())
}
