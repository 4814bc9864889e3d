//! Finds the accounts that probably are those of contacts who have none.

use std::collections::HashMap;

use domain::guardians::probable::{InCommon, can_be_one_given_name};
use domain::guardians::views::{ProbableAccount, masked};
use domain::ids::{OrganisationId, PersonId};
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;

#[derive(sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that the query finds")]
struct ProbableRow {
    adult_id: Uuid,
    own_given_name: String,
    person_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    username: String,
    email: Option<String>,
    same_key: bool,
    same_email: bool,
    same_phone: bool,
    same_name: bool,
    child_in_common: bool,
    this_child: bool,
}

/// Returns, for each of these adults who are contacts of `child`, the people whose account probably is theirs; only people
/// whom the actor may see.
pub(super) async fn probable(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    child: PersonId,
    adults: &[Uuid],
) -> Result<HashMap<Uuid, Vec<ProbableAccount>>> {
    let mut found: HashMap<Uuid, Vec<ProbableAccount>> = HashMap::new();
    if adults.is_empty() {
        return Ok(found);
    }
    let rows: Vec<ProbableRow> = sqlx::query_as(
        "SELECT p.id AS adult_id, p.given_name AS own_given_name, o.id AS person_id, o.given_name, o.family_name,
                o.preferred_name, a.username, m.value AS email,
                EXISTS (SELECT FROM person_keys mine JOIN person_keys theirs
                            ON theirs.organisation_id = mine.organisation_id AND theirs.comparable = mine.comparable
                        WHERE mine.organisation_id = p.organisation_id AND mine.person_id = p.id
                          AND theirs.person_id = o.id) AS same_key,
                EXISTS (SELECT FROM addresses mine JOIN addresses theirs
                            ON theirs.organisation_id = mine.organisation_id AND theirs.comparable = mine.comparable
                        WHERE mine.person_id = p.id AND theirs.person_id = o.id AND mine.kind = 'email'
                          AND theirs.kind = 'email') AS same_email,
                EXISTS (SELECT FROM addresses mine JOIN addresses theirs
                            ON theirs.organisation_id = mine.organisation_id AND theirs.comparable = mine.comparable
                        WHERE mine.person_id = p.id AND theirs.person_id = o.id AND mine.kind = 'phone'
                          AND theirs.kind = 'phone') AS same_phone,
                o.sort_key = p.sort_key AS same_name,
                EXISTS (SELECT FROM contacts mine JOIN contacts theirs ON theirs.child_id = mine.child_id
                        WHERE mine.adult_id = p.id AND theirs.adult_id = o.id AND mine.ended_at IS NULL
                          AND theirs.ended_at IS NULL) AS child_in_common,
                EXISTS (SELECT FROM contacts theirs
                        WHERE theirs.adult_id = o.id AND theirs.child_id = $3 AND theirs.ended_at IS NULL) AS this_child
         FROM people p
         CROSS JOIN LATERAL (
             SELECT theirs.person_id FROM addresses mine JOIN addresses theirs
                 ON theirs.organisation_id = mine.organisation_id AND theirs.comparable = mine.comparable
                    AND theirs.kind = mine.kind
             WHERE mine.person_id = p.id
             UNION
             SELECT theirs.person_id FROM person_keys mine JOIN person_keys theirs
                 ON theirs.organisation_id = mine.organisation_id AND theirs.comparable = mine.comparable
             WHERE mine.organisation_id = p.organisation_id AND mine.person_id = p.id
             UNION
             SELECT theirs.adult_id FROM contacts mine JOIN contacts theirs ON theirs.child_id = mine.child_id
             WHERE mine.adult_id = p.id AND mine.ended_at IS NULL AND theirs.ended_at IS NULL) other
         JOIN people o ON o.id = other.person_id AND o.id <> p.id AND o.merged_into IS NULL
         JOIN accounts a ON a.person_id = o.id AND a.state <> 'closed'
         LEFT JOIN addresses m ON m.person_id = o.id AND m.kind = 'email' AND m.is_primary
         WHERE p.organisation_id = $1 AND p.id = ANY ($2)
           AND o.id IN (SELECT v.person_id FROM visible_people v)
           AND NOT EXISTS (SELECT FROM enrolments e WHERE e.person_id = o.id)
         ORDER BY o.sort_key, o.id",
    )
    .bind(organisation.0)
    .bind(adults)
    .bind(child.0)
    .fetch_all(connection)
    .await?;
    for row in rows {
        let in_common = InCommon {
            key: row.same_key,
            email: row.same_email,
            phone: row.same_phone,
            name: row.same_name,
            given_name: can_be_one_given_name(&row.own_given_name, &row.given_name),
            child: row.child_in_common,
            this_child: row.this_child,
        };
        let reasons = in_common.reasons();
        if reasons.is_empty() {
            continue;
        }
        found.entry(row.adult_id).or_default().push(ProbableAccount {
            person: PersonId(row.person_id),
            name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
            username: row.username,
            email: row.email.as_deref().map(masked),
            reasons,
        });
    }
    Ok(found)
}
