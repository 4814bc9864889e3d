//! Taking an import back, while nothing stands on it.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Refusal, Resource};
use domain::ids::{AddressId, ImportId, OrganisationId, PersonId};
use domain::imports::KEPT_FOR;
use domain::imports::views::{ImportState, ImportView};
use domain::roll::address::AddressKind;
use domain::roll::name::display_name;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::queries::{lock, reach};
use super::view;
use crate::audit::{AuditEntry, record};
use crate::authorization::roles::outranking;
use crate::credentials::revoke::revoke_everything_sent_to;
use crate::own_account::address::moved::Before;
use crate::roll::addresses::refuse_own_email;
use crate::{Backend, Error, Result};

/// How many of the students who stand in the way are named.
const NAMED: usize = 3;

/// Takes away what an import added and puts back what it changed. Refused, by name, once a student whom it added has or
/// had an account, an invitation went to an address that it brought, or anything that it wrote was changed since.
pub async fn undo(backend: &Backend, actor: &Actor, import: ImportId) -> Result<ImportView> {
    backend.authorize(actor, Permission::ImportRoll, Resource::AnySchool(actor.organisation))?;
    let school = reach(backend, actor, import).await?;
    let mut transaction = backend.tenant_transaction(actor.organisation).await?;
    // As a commit does: two files for one school wait for each other.
    sqlx::query("SELECT FROM schools WHERE id = $1 FOR NO KEY UPDATE")
        .bind(school.school.0)
        .execute(&mut *transaction)
        .await?;
    let held = lock(&mut transaction, actor, import).await?;
    match held.state {
        ImportState::Committed => {}
        ImportState::Undone => {
            return Err(Error::conflict(
                "import_undone",
                "This import was undone before. There is nothing to do.",
            ));
        }
        ImportState::Staged | ImportState::Planned | ImportState::Discarded => {
            return Err(Error::conflict(
                "not_imported",
                "This file was not imported. There is nothing to undo.",
            ));
        }
    }
    if held.committed_at.is_some_and(|at| at + KEPT_FOR <= backend.now()) {
        return Err(Error::conflict(
            "import_too_old",
            "This file was imported more than 30 days ago. What it replaced is kept no longer: correct the records, or import a corrected file.",
        ));
    }
    lock_people(&mut transaction, actor.organisation, import).await?;
    nothing_stands_on_it(&mut transaction, actor.organisation, import).await?;
    let emailed = emailed(&mut transaction, actor.organisation, import).await?;
    let people: Vec<PersonId> = emailed.iter().copied().map(PersonId).collect();
    if !outranking(backend, &mut transaction, actor, &people).await?.is_empty() {
        return Err(Refusal::Outranked.into());
    }
    for person in people {
        refuse_own_email(actor, person, AddressKind::Email)?;
    }
    let addresses = Before::of(&mut transaction, actor.organisation, &emailed).await?;
    let written = written(&mut transaction, actor.organisation, import).await?;
    revoke_everything_sent_to(&mut transaction, actor.organisation, &written, backend.now()).await?;
    let removed = take_away(&mut transaction, actor.organisation, import).await?;
    put_back(&mut transaction, actor.organisation, import).await?;
    addresses.settle(backend, &mut transaction, actor.organisation).await?;
    sqlx::query(
        "UPDATE imports SET state = $3, undone_by = $4, undone_at = $5 WHERE organisation_id = $1 AND id = $2",
    )
    .bind(actor.organisation.0)
    .bind(import.0)
    .bind(ImportState::Undone.slug())
    .bind(actor.account().map(|account| account.0))
    .bind(backend.now())
    .execute(&mut *transaction)
    .await?;
    sqlx::query("DELETE FROM import_writes WHERE organisation_id = $1 AND import_id = $2")
        .bind(actor.organisation.0)
        .bind(import.0)
        .execute(&mut *transaction)
        .await?;
    let entry = AuditEntry::new(AuditAction::ImportUndone)
        .subject("import", import.0)
        .details(json!({ "removed": removed }));
    record(backend, &mut transaction, actor, entry).await?;
    let view = view::of(&mut transaction, actor, import).await?;
    transaction.commit().await?;
    Ok(view)
}

/// Keeps everyone else from making accounts for these people, and from changing them, until the transaction ends.
async fn lock_people(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    import: ImportId,
) -> Result<()> {
    sqlx::query(
        "SELECT FROM people WHERE organisation_id = $1
           AND id IN (SELECT person_id FROM import_writes WHERE organisation_id = $1 AND import_id = $2)
         ORDER BY id FOR UPDATE",
    )
    .bind(organisation.0)
    .bind(import.0)
    .execute(connection)
    .await?;
    Ok(())
}

async fn nothing_stands_on_it(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    import: ImportId,
) -> Result<()> {
    let kept = sqlx::query_scalar::<_, bool>(
        "SELECT EXISTS (SELECT FROM import_writes WHERE organisation_id = $1 AND import_id = $2)",
    )
    .bind(organisation.0)
    .bind(import.0)
    .fetch_one(&mut *connection)
    .await?;
    if !kept {
        return Err(Error::conflict(
            "import_too_old",
            "What this import changed is not kept any more, so it cannot be undone. Import a file with the right values instead.",
        ));
    }
    // `@>`: a column that came to a table since then does not count as a change.
    let in_the_way = sqlx::query_as::<_, (String, String, String)>(
        "WITH written AS (SELECT * FROM import_writes WHERE organisation_id = $1 AND import_id = $2),
              added AS (SELECT id FROM written WHERE kind = 'person' AND before IS NULL),
              in_the_way AS (
                  SELECT w.person_id FROM written w
                  LEFT JOIN people p ON w.kind = 'person' AND p.id = w.id
                  LEFT JOIN enrolments e ON w.kind = 'enrolment' AND e.id = w.id
                  LEFT JOIN addresses a ON w.kind = 'address' AND a.id = w.id
                  WHERE NOT coalesce(coalesce(to_jsonb(p), to_jsonb(e), to_jsonb(a)) @> w.after, false)
                  UNION
                  SELECT u.person_id FROM usernames u JOIN added ON added.id = u.person_id
                  UNION
                  SELECT a.person_id FROM addresses a JOIN added ON added.id = a.person_id
                  WHERE NOT EXISTS (SELECT FROM written w WHERE w.kind = 'address' AND w.id = a.id)
                  UNION
                  SELECT e.person_id FROM enrolments e JOIN added ON added.id = e.person_id
                  WHERE NOT EXISTS (SELECT FROM written w WHERE w.kind = 'enrolment' AND w.id = e.id)
                  UNION
                  SELECT w.person_id FROM written w JOIN messages d ON d.organisation_id = $1 AND d.address_id = w.id
                  WHERE w.kind = 'address' AND w.before IS NULL)
         SELECT p.given_name, p.family_name, p.preferred_name FROM in_the_way JOIN people p ON p.id = in_the_way.person_id
         WHERE p.organisation_id = $1 ORDER BY p.sort_key, p.id",
    )
    .bind(organisation.0)
    .bind(import.0)
    .fetch_all(connection)
    .await?;
    if in_the_way.is_empty() { Ok(()) } else { Err(Error::conflict("import_in_use", in_use(&in_the_way))) }
}

fn in_use(people: &[(String, String, String)]) -> String {
    let names =
        people.iter().take(NAMED).map(|(given, family, preferred)| display_name(given, family, preferred));
    let mut who: Vec<String> = names.collect();
    match people.len() - who.len() {
        0 => {}
        1 => who.push("1 more".to_owned()),
        more => who.push(format!("{more} more")),
    }
    format!(
        "The import stays, because something was built on it since: an account, an invitation or a later change of {}. \
         Undo those first, or import a file with the right values.",
        who.join(", ")
    )
}

/// Whose email address the import wrote.
async fn emailed(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    import: ImportId,
) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar(
        "SELECT DISTINCT person_id FROM import_writes
         WHERE organisation_id = $1 AND import_id = $2 AND kind = 'address'",
    )
    .bind(organisation.0)
    .bind(import.0)
    .fetch_all(connection)
    .await?)
}

/// The addresses that the import wrote. No invitation went there, or it could not be undone.
async fn written(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    import: ImportId,
) -> Result<Vec<AddressId>> {
    let written: Vec<Uuid> = sqlx::query_scalar(
        "SELECT id FROM import_writes WHERE organisation_id = $1 AND import_id = $2 AND kind = 'address'",
    )
    .bind(organisation.0)
    .bind(import.0)
    .fetch_all(connection)
    .await?;
    Ok(written.into_iter().map(AddressId).collect())
}

/// Takes away what the import added, and says how many students went.
async fn take_away(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    import: ImportId,
) -> Result<u64> {
    let mut removed = 0;
    for statement in [
        "DELETE FROM addresses WHERE organisation_id = $1
           AND id IN (SELECT id FROM import_writes WHERE import_id = $2 AND kind = 'address' AND before IS NULL)",
        "DELETE FROM enrolments WHERE organisation_id = $1
           AND id IN (SELECT id FROM import_writes WHERE import_id = $2 AND kind = 'enrolment' AND before IS NULL)",
        "DELETE FROM people WHERE organisation_id = $1
           AND id IN (SELECT id FROM import_writes WHERE import_id = $2 AND kind = 'person' AND before IS NULL)",
    ] {
        let done = sqlx::query(statement).bind(organisation.0).bind(import.0).execute(&mut *connection).await?;
        removed = done.rows_affected();
    }
    Ok(removed)
}

/// Puts back what the import changed.
async fn put_back(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    import: ImportId,
) -> Result<()> {
    for statement in [
        "UPDATE people p SET given_name = b.given_name, middle_name = b.middle_name, family_name = b.family_name,
                preferred_name = b.preferred_name, born_on = b.born_on, language = b.language, search_key = b.search_key,
                sort_key = b.sort_key, updated_at = b.updated_at
         FROM import_writes w, jsonb_populate_record(NULL::people, w.before) b
         WHERE p.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'person' AND w.before IS NOT NULL AND p.id = w.id",
        "UPDATE enrolments e SET year_group = b.year_group, registration_group = b.registration_group,
                starts_on = b.starts_on, ends_on = b.ends_on, latest = b.latest, updated_at = b.updated_at
         FROM import_writes w, jsonb_populate_record(NULL::enrolments, w.before) b
         WHERE e.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'enrolment' AND w.before IS NOT NULL AND e.id = w.id",
        // The unique index looks at each row as it is written: all step back first.
        "UPDATE addresses a SET is_primary = false FROM import_writes w
         WHERE a.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'address' AND a.id = w.id AND a.is_primary",
        "UPDATE addresses a SET value = b.value, is_primary = b.is_primary
         FROM import_writes w, jsonb_populate_record(NULL::addresses, w.before) b
         WHERE a.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'address' AND w.before IS NOT NULL AND a.id = w.id",
    ] {
        sqlx::query(statement).bind(organisation.0).bind(import.0).execute(&mut *connection).await?;
    }
    Ok(())
}
