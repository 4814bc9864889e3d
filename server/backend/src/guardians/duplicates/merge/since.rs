//! What happened to a merged person since: facts that an undo leaves where they are, unless it is told that they belong to
//! the other person.

use domain::authorization::actor::Actor;
use domain::ids::{MergeId, PersonId};
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;

/// Something made since the merge about a child that the merge moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinceFact {
    /// The contact or the grant.
    pub id: Uuid,
    /// What it is, in words.
    pub what: String,
    /// The child.
    pub child: PersonId,
    /// The child's name.
    pub name: String,
}

#[derive(sqlx::FromRow)]
struct SinceRow {
    id: Uuid,
    what: String,
    child_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
}

/// The contacts and grants that the person who stayed got since, about children that came with the other.
pub(super) async fn since(
    connection: &mut PgConnection,
    actor: &Actor,
    merge: MergeId,
) -> Result<Vec<SinceFact>> {
    let rows: Vec<SinceRow> = sqlx::query_as::<_, SinceRow>(
        "WITH moved AS (
             SELECT DISTINCT (i.before ->> 'child')::uuid AS child_id FROM merge_items i
             WHERE i.organisation_id = $1 AND i.merge_id = $2 AND i.thing IN ('contact', 'grant') AND i.before ? 'child'),
         facts AS (
             SELECT c.id, 'Contact: ' || replace(c.relationship, '_', ' ') AS what, c.child_id FROM contacts c
             JOIN merges g ON g.organisation_id = $1 AND g.id = $2
             WHERE c.adult_id = g.survivor_id AND c.created_at > g.made_at AND c.ended_at IS NULL
               AND c.child_id IN (SELECT child_id FROM moved)
             UNION ALL
             SELECT a.id, 'Access: ' || a.scope, a.child_id FROM access_grants a
             JOIN merges g ON g.organisation_id = $1 AND g.id = $2
             WHERE a.adult_id = g.survivor_id AND a.created_at > g.made_at AND a.stopped_at IS NULL
               AND a.child_id IN (SELECT child_id FROM moved))
         SELECT f.id, f.what, f.child_id, p.given_name, p.family_name, p.preferred_name
         FROM facts f JOIN people p ON p.id = f.child_id
         ORDER BY p.sort_key, f.what, f.id",
    )
    .bind(actor.organisation.0)
    .bind(merge.0)
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| SinceFact {
            id: row.id,
            what: row.what,
            child: PersonId(row.child_id),
            name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
        })
        .collect())
}
