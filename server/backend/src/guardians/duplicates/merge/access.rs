//! What the two people of a merge see of which child, from today on.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use domain::authorization::actor::Actor;
use domain::authorization::grant::PortalScope;
use domain::guardians::duplicates::merge::{MergeSide, Opened};
use domain::ids::PersonId;
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use super::parties::Party;
use crate::Result;

#[derive(sqlx::FromRow)]
struct OpenedRow {
    adult_id: Uuid,
    child_id: Uuid,
    scope: String,
    restricts: bool,
}

#[derive(sqlx::FromRow)]
struct ChildRow {
    id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    school: Option<String>,
}

/// Both sides, in the order of the parties.
pub(super) async fn sides(
    connection: &mut PgConnection,
    actor: &Actor,
    parties: [&Party; 2],
    today: NaiveDate,
) -> Result<[MergeSide; 2]> {
    let rows: Vec<OpenedRow> = sqlx::query_as::<_, OpenedRow>(
        "WITH parties AS (SELECT unnest($2::uuid[]) AS id),
         granted AS (
             SELECT g.adult_id, g.child_id, g.scope FROM access_grants g
             WHERE g.organisation_id = $1 AND g.adult_id IN (SELECT id FROM parties) AND g.stopped_at IS NULL
               AND (g.ends_on < $3) IS NOT TRUE),
         restricted AS (
             SELECT r.adult_id, r.child_id, unnest(r.scopes) AS scope FROM access_restrictions r
             WHERE r.organisation_id = $1 AND r.adult_id IN (SELECT id FROM parties) AND r.lifted_at IS NULL
               AND (r.ends_on < $3) IS NOT TRUE
             UNION
             SELECT parties.id, r.child_id, unnest(r.scopes) FROM parties CROSS JOIN access_restrictions r
             WHERE r.organisation_id = $1 AND r.adult_id IS NULL AND r.lifted_at IS NULL AND (r.ends_on < $3) IS NOT TRUE
               AND r.child_id IN (SELECT child_id FROM granted) AND NOT parties.id = ANY (r.except_ids))
         SELECT adult_id, child_id, scope, false AS restricts FROM granted
         UNION SELECT adult_id, child_id, scope, true FROM restricted",
    )
    .bind(actor.organisation.0)
    .bind(parties.map(|party| party.id))
    .bind(today)
    .fetch_all(connection)
    .await?;
    let of = |party: &Party, restricts: bool| -> BTreeSet<Opened> {
        rows.iter()
            .filter(|row| row.adult_id == party.id && row.restricts == restricts)
            .filter_map(|row| Some((PersonId(row.child_id), PortalScope::from_slug(&row.scope)?)))
            .collect()
    };
    Ok(parties.map(|party| MergeSide {
        has_login: party.has_login(),
        granted: of(party, false),
        restricted: of(party, true),
    }))
}

/// The names of children, each with the code of the school, of those whom the reader may see.
pub(super) async fn names(
    connection: &mut PgConnection,
    actor: &Actor,
    children: &[PersonId],
) -> Result<HashMap<PersonId, String>> {
    let rows: Vec<ChildRow> = sqlx::query_as::<_, ChildRow>(
        "SELECT p.id, p.given_name, p.family_name, p.preferred_name,
                (SELECT string_agg(s.code, ', ' ORDER BY s.code) FROM enrolments e JOIN schools s ON s.id = e.school_id
                 WHERE e.person_id = p.id AND e.latest) AS school
         FROM people p
         WHERE p.organisation_id = $1 AND p.id = ANY ($2) AND p.id IN (SELECT v.person_id FROM visible_people v)",
    )
    .bind(actor.organisation.0)
    .bind(children.iter().map(|child| child.0).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let name = display_name(&row.given_name, &row.family_name, &row.preferred_name);
            let named = row.school.map_or(name.clone(), |school| format!("{name} ({school})"));
            (PersonId(row.id), named)
        })
        .collect())
}
