//! What was built on an import of people, so that it can no longer be undone.

use std::collections::{BTreeMap, BTreeSet};

use domain::imports::problem::{BuiltOn, ImportProblem, InUsePerson};
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::imports::kind::Importing;
use crate::{Error, Result};

/// How many of the people who prevent an undo are named.
const NAMED: usize = 3;

/// Refuses an undo if something was built on the import, and names the people and what it was. `changed` are
/// people with rows in the kind's own tables that were changed since.
pub(super) async fn refuse_in_use(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    changed: Vec<Uuid>,
) -> Result<()> {
    let (organisation, import) = (cx.school.organisation.0, cx.import.0);
    let kept = sqlx::query_scalar::<_, bool>(
        "SELECT EXISTS (SELECT FROM import_writes WHERE organisation_id = $1 AND import_id = $2)",
    )
    .bind(organisation)
    .bind(import)
    .fetch_one(&mut *connection)
    .await?;
    if !kept {
        return Err(ImportProblem::TooOld.into());
    }
    let rows: Vec<(Uuid, String)> = sqlx::query_as(
        "WITH written AS (SELECT * FROM import_writes WHERE organisation_id = $1 AND import_id = $2),
              added AS (SELECT id FROM written WHERE kind = 'person' AND before IS NULL)
         SELECT w.person_id, 'change' FROM written w LEFT JOIN people p ON p.id = w.id
         WHERE w.kind = 'person' AND fingerprint(p) IS DISTINCT FROM w.left_as
         UNION
         SELECT w.person_id, 'change' FROM written w LEFT JOIN addresses a ON a.id = w.id
         WHERE w.kind = 'address' AND fingerprint(a) IS DISTINCT FROM w.left_as
         UNION
         SELECT a.person_id, 'change' FROM addresses a JOIN added ON added.id = a.person_id
         WHERE NOT EXISTS (SELECT FROM written w WHERE w.kind = 'address' AND w.id = a.id)
         UNION
         SELECT u.person_id, 'account' FROM usernames u JOIN added ON added.id = u.person_id
         WHERE NOT EXISTS (SELECT FROM written w WHERE w.kind = 'username' AND w.person_id = u.person_id
                                                   AND w.before ->> 'username' = u.username)
         UNION
         SELECT w.person_id, 'account' FROM written w LEFT JOIN accounts a ON a.id = w.id
         WHERE w.kind = 'account' AND hashtextextended(a.username || ' ' || a.state, 0) IS DISTINCT FROM w.left_as
         UNION
         SELECT w.person_id, 'message' FROM written w JOIN messages d ON d.organisation_id = $1 AND d.address_id = w.id
         WHERE w.kind = 'address' AND w.before IS NULL
         UNION
         SELECT r.person_id, 'role' FROM staff_roles r JOIN added ON added.id = r.person_id
         UNION
         SELECT m.person_id, 'group' FROM group_members m JOIN added ON added.id = m.person_id
         UNION
         SELECT m.person_id, 'group' FROM membership_changes m JOIN added ON added.id = m.person_id
         UNION
         SELECT added.id, 'contact' FROM contacts c JOIN added ON added.id IN (c.child_id, c.adult_id)
         WHERE NOT EXISTS (SELECT FROM written w WHERE w.kind = 'contact' AND w.id = c.id)
         UNION
         SELECT added.id, 'grant' FROM access_grants g JOIN added ON added.id IN (g.child_id, g.adult_id)
         UNION
         SELECT added.id, 'restriction' FROM access_restrictions r JOIN added ON added.id IN (r.child_id, r.adult_id)",
    )
    .bind(organisation)
    .bind(import)
    .fetch_all(&mut *connection)
    .await?;
    let mut people: BTreeMap<Uuid, BTreeSet<BuiltOn>> = BTreeMap::new();
    for person in changed {
        people.entry(person).or_default().insert(BuiltOn::Change);
    }
    for (person, built) in rows {
        let built =
            BuiltOn::from_slug(&built).ok_or_else(|| Error::unexpected(format!("built on: {built}")))?;
        people.entry(person).or_default().insert(built);
    }
    if people.is_empty() {
        return Ok(());
    }
    let named: Vec<(Uuid, String, String, String)> = sqlx::query_as(
        "SELECT id, given_name, family_name, preferred_name FROM people
         WHERE organisation_id = $1 AND id = ANY($2) ORDER BY sort_key, id",
    )
    .bind(organisation)
    .bind(people.keys().copied().collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    let more = named.len().saturating_sub(NAMED);
    let first = named.into_iter().take(NAMED).map(|(id, given, family, preferred)| InUsePerson {
        name: display_name(&given, &family, &preferred),
        by: people.remove(&id).unwrap_or_default(),
    });
    Err(ImportProblem::InUse { people: first.collect(), more }.into())
}
