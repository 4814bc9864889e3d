//! The tables that an import of guardians writes, beside people and their addresses.

use sqlx::PgConnection;

use crate::Result;
use crate::imports::kind::Importing;
use crate::imports::written::WrittenTable;

/// What is written of adults and has no column in the table of people that every import gathers.
pub(super) const GATHER_ADULTS: &str =
    "CREATE TEMPORARY TABLE import_adults (person_id uuid, is_new boolean, title text, is_organisation boolean, lines text,
         postcode text, comparable text) ON COMMIT DROP";
/// The keys of adults.
pub(super) const GATHER_KEYS: &str = "CREATE TEMPORARY TABLE import_keys (id uuid, person_id uuid, series text, comparable text, value text) ON COMMIT DROP";
/// Contacts, new ones and those that change.
pub(super) const GATHER_CONTACTS: &str =
    "CREATE TEMPORARY TABLE import_contacts (id uuid, is_new boolean, adult_id uuid, child_id uuid, relationship text,
         relationship_said text, functions text, priority smallint, parental_responsibility boolean, lives_with boolean,
         no_portal boolean, starts_on date, ends_on date, ends boolean) ON COMMIT DROP";

/// Titles of people who are known.
pub(super) const ADULTS: WrittenTable = WrittenTable {
    before: "INSERT INTO import_before (kind, id, person_id, before)
             SELECT 'title', p.id, p.id, jsonb_build_object('title', p.title)
             FROM import_adults i JOIN people p ON p.id = i.person_id
             WHERE NOT i.is_new AND i.title IS NOT NULL AND p.organisation_id = $1",
    after: "INSERT INTO import_writes (organisation_id, import_id, kind, id, person_id, before, left_as)
            SELECT $1::uuid, $2::uuid, 'title', b.id, b.person_id, b.before, hashtextextended(p.title, 0)
            FROM import_before b JOIN people p ON p.id = b.id WHERE b.kind = 'title'",
    // A title is part of its person.
    remove: "DELETE FROM import_writes WHERE organisation_id = $1 AND import_id = $2 AND kind = 'title' AND before IS NULL",
    restore: &["UPDATE people p SET title = w.before ->> 'title' FROM import_writes w
         WHERE p.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'title' AND p.id = w.id"],
};

/// Where people live.
pub(super) const POSTAL: WrittenTable = WrittenTable {
    before: "INSERT INTO import_before (kind, id, person_id, before)
             SELECT 'postal', a.person_id, a.person_id, to_jsonb(a)
             FROM import_adults i JOIN postal_addresses a ON a.person_id = i.person_id
             WHERE i.lines IS NOT NULL AND a.organisation_id = $1",
    after: "INSERT INTO import_writes (organisation_id, import_id, kind, id, person_id, before, left_as)
            SELECT $1::uuid, $2::uuid, 'postal', a.person_id, a.person_id, b.before, fingerprint(a)
            FROM import_adults i JOIN postal_addresses a ON a.person_id = i.person_id
            LEFT JOIN import_before b ON b.kind = 'postal' AND b.id = a.person_id
            WHERE i.lines IS NOT NULL",
    remove: "DELETE FROM postal_addresses WHERE organisation_id = $1
               AND person_id IN (SELECT id FROM import_writes WHERE import_id = $2 AND kind = 'postal' AND before IS NULL)",
    restore: &["UPDATE postal_addresses a SET lines = b.lines, postcode = b.postcode, comparable = b.comparable,
                updated_at = b.updated_at
         FROM import_writes w, jsonb_populate_record(NULL::postal_addresses, w.before) b
         WHERE a.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'postal' AND w.before IS NOT NULL
           AND a.person_id = w.id"],
};

/// What the other system calls people.
pub(super) const KEYS: WrittenTable = WrittenTable {
    before: "INSERT INTO import_before (kind, id, person_id, before)
             SELECT 'key', k.id, k.person_id, to_jsonb(k)
             FROM import_keys i JOIN person_keys k ON k.id = i.id WHERE k.organisation_id = $1",
    after: "INSERT INTO import_writes (organisation_id, import_id, kind, id, person_id, before, left_as)
            SELECT $1::uuid, $2::uuid, 'key', k.id, k.person_id, NULL, fingerprint(k)
            FROM import_keys i JOIN person_keys k ON k.id = i.id",
    remove: "DELETE FROM person_keys WHERE organisation_id = $1
               AND id IN (SELECT id FROM import_writes WHERE import_id = $2 AND kind = 'key' AND before IS NULL)",
    restore: &[],
};

/// Who is who to a student.
pub(super) const CONTACTS: WrittenTable = WrittenTable {
    before: "INSERT INTO import_before (kind, id, person_id, before)
             SELECT 'contact', c.id, c.adult_id, to_jsonb(c)
             FROM import_contacts i JOIN contacts c ON c.id = i.id WHERE NOT i.is_new AND c.organisation_id = $1",
    after: "INSERT INTO import_writes (organisation_id, import_id, kind, id, person_id, before, left_as)
            SELECT $1::uuid, $2::uuid, 'contact', b.id, b.person_id, b.before, fingerprint(c)
            FROM import_before b JOIN contacts c ON c.id = b.id WHERE b.kind = 'contact'
            UNION ALL
            SELECT $1::uuid, $2::uuid, 'contact', c.id, c.adult_id, NULL, fingerprint(c)
            FROM import_contacts i JOIN contacts c ON c.id = i.id WHERE i.is_new",
    remove: "DELETE FROM contacts WHERE organisation_id = $1
               AND id IN (SELECT id FROM import_writes WHERE import_id = $2 AND kind = 'contact' AND before IS NULL)",
    restore: &["UPDATE contacts c SET relationship = b.relationship, relationship_said = b.relationship_said,
                functions = b.functions, priority = b.priority, parental_responsibility = b.parental_responsibility,
                lives_with = b.lives_with, no_portal = b.no_portal, starts_on = b.starts_on, ends_on = b.ends_on,
                ended_at = b.ended_at, ended_by = b.ended_by, ended_for = b.ended_for, updated_at = b.updated_at
         FROM import_writes w, jsonb_populate_record(NULL::contacts, w.before) b
         WHERE c.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'contact' AND w.before IS NOT NULL AND c.id = w.id"],
};

/// What adults could see of a student whose link a file ends.
pub(super) const GRANTS: WrittenTable = WrittenTable {
    before: "INSERT INTO import_before (kind, id, person_id, before)
             SELECT 'grant', g.id, g.adult_id, to_jsonb(g)
             FROM import_contacts i JOIN access_grants g ON g.adult_id = i.adult_id AND g.child_id = i.child_id
             WHERE i.ends AND g.stopped_at IS NULL AND g.organisation_id = $1",
    after: "INSERT INTO import_writes (organisation_id, import_id, kind, id, person_id, before, left_as)
            SELECT $1::uuid, $2::uuid, 'grant', b.id, b.person_id, b.before, hashtextextended(g.stopped_at::text, 0)
            FROM import_before b JOIN access_grants g ON g.id = b.id WHERE b.kind = 'grant'",
    // Files give no grants.
    remove: "DELETE FROM import_writes WHERE organisation_id = $1 AND import_id = $2 AND kind = 'grant' AND before IS NULL",
    restore: &["UPDATE access_grants g SET stopped_at = NULL, stopped_by = NULL, stopped_for = NULL FROM import_writes w
         WHERE g.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'grant' AND g.id = w.id"],
};

/// Writes what was gathered. People are written already.
pub(super) async fn apply(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<()> {
    let (organisation, now) = (cx.school.organisation.0, cx.backend.now());
    sqlx::query(
        "UPDATE people p SET title = coalesce(i.title, p.title), is_organisation = p.is_organisation OR i.is_organisation
         FROM import_adults i
         WHERE p.organisation_id = $1 AND p.id = i.person_id AND (i.title IS NOT NULL OR i.is_organisation)",
    )
    .bind(organisation)
    .execute(&mut *connection)
    .await?;
    // The school finds adults before they have a child there.
    sqlx::query(
        "UPDATE people p SET added_at_school = $2
         FROM import_people i
         WHERE p.organisation_id = $1 AND p.id = i.id AND i.is_new
           AND NOT EXISTS (SELECT FROM import_contacts c WHERE c.adult_id = i.id)",
    )
    .bind(organisation)
    .bind(cx.school.school.0)
    .execute(&mut *connection)
    .await?;
    for statement in [
        "INSERT INTO postal_addresses (organisation_id, person_id, lines, postcode, comparable, updated_at)
         SELECT $1, person_id, lines, postcode, comparable, $2 FROM import_adults WHERE lines IS NOT NULL
         ON CONFLICT ON CONSTRAINT postal_addresses_pkey DO UPDATE
             SET lines = EXCLUDED.lines, postcode = EXCLUDED.postcode, comparable = EXCLUDED.comparable,
                 updated_at = EXCLUDED.updated_at",
        // Somebody else's key stays theirs: the file was planned again, and refused if it gave one away.
        "INSERT INTO person_keys (id, organisation_id, series, comparable, value, person_id, created_at)
         SELECT id, $1, series, comparable, value, person_id, $2 FROM import_keys
         ON CONFLICT ON CONSTRAINT person_keys_pkey DO NOTHING",
        "INSERT INTO contacts (id, organisation_id, adult_id, child_id, relationship, relationship_said, functions, priority,
                               parental_responsibility, lives_with, no_portal, starts_on, ends_on, created_at, updated_at)
         SELECT id, $1, adult_id, child_id, relationship, relationship_said,
                coalesce(string_to_array(nullif(functions, ''), ' '), '{}'), priority, parental_responsibility, lives_with,
                no_portal, starts_on, ends_on, $2, $2
         FROM import_contacts WHERE is_new",
        "UPDATE contacts c SET relationship = i.relationship, relationship_said = i.relationship_said,
                functions = coalesce(string_to_array(nullif(i.functions, ''), ' '), '{}'), priority = i.priority,
                parental_responsibility = i.parental_responsibility, lives_with = i.lives_with, no_portal = i.no_portal,
                starts_on = i.starts_on, ends_on = i.ends_on, updated_at = $2
         FROM import_contacts i WHERE NOT i.is_new AND NOT i.ends AND c.organisation_id = $1 AND c.id = i.id",
    ] {
        sqlx::query(statement).bind(organisation).bind(now).execute(&mut *connection).await?;
    }
    let by = cx.actor.account().map(|account| account.0);
    for statement in [
        "UPDATE contacts c SET ended_at = $2, ended_by = $3, ended_for = 'import', updated_at = $2
         FROM import_contacts i WHERE i.ends AND c.organisation_id = $1 AND c.id = i.id",
        "UPDATE access_grants g SET stopped_at = $2, stopped_by = $3, stopped_for = 'contact_ended'
         FROM import_contacts i
         WHERE i.ends AND g.organisation_id = $1 AND g.adult_id = i.adult_id AND g.child_id = i.child_id AND g.stopped_at IS NULL",
    ] {
        sqlx::query(statement).bind(organisation).bind(now).bind(by).execute(&mut *connection).await?;
    }
    Ok(())
}
