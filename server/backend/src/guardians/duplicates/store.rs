//! Stores the pairs that a search found.

use chrono::{DateTime, Utc};
use domain::guardians::duplicates::evidence::Evidence;
use domain::guardians::duplicates::likely::LikelyPair;
use domain::ids::{OrganisationId, PairId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Backend, Result};

/// Stores what a search found: known pairs keep their answer, and those nobody answered and the search did not find again are
/// gone. Returns how many wait for an answer.
pub(super) async fn write(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    found: &[LikelyPair],
    at: DateTime<Utc>,
) -> Result<i64> {
    add(backend, connection, organisation, found, at).await?;
    sqlx::query("DELETE FROM person_pairs WHERE organisation_id = $1 AND state IN ('open', 'later') AND found_at < $2")
        .bind(organisation.0)
        .bind(at)
        .execute(&mut *connection)
        .await?;
    Ok(sqlx::query_scalar("SELECT count(*) FROM person_pairs WHERE organisation_id = $1 AND state = 'open'")
        .bind(organisation.0)
        .fetch_one(connection)
        .await?)
}

/// Stores pairs in one statement: new ones are asked about, known ones keep their answer unless something strong is new.
pub(in crate::guardians) async fn add(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    found: &[LikelyPair],
    at: DateTime<Utc>,
) -> Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let strong: Vec<&str> =
        Evidence::ALL.into_iter().filter(|evidence| evidence.is_strong()).map(Evidence::slug).collect();
    // PostgreSQL has no arrays of arrays with different lengths.
    let evidence = |pair: &LikelyPair| {
        pair.found.evidence.iter().map(|evidence| evidence.slug()).collect::<Vec<_>>().join(" ")
    };
    sqlx::query(
        "INSERT INTO person_pairs (id, organisation_id, a_id, b_id, points, evidence, verdict, found_at)
         SELECT new.id, $1, new.a_id, new.b_id, new.points,
                coalesce(string_to_array(nullif(new.evidence, ''), ' '), '{}'), new.verdict, $2
         FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::smallint[], $7::text[], $8::text[])
              AS new (id, a_id, b_id, points, evidence, verdict)
         ON CONFLICT (a_id, b_id) DO UPDATE
         SET points = excluded.points, evidence = excluded.evidence, verdict = excluded.verdict, found_at = excluded.found_at,
             state = CASE WHEN person_pairs.state <> 'two_people' THEN person_pairs.state
                          WHEN EXISTS (SELECT FROM unnest(excluded.evidence) AS now (slug)
                                       WHERE now.slug = ANY ($9) AND now.slug <> ALL (person_pairs.known_then)) THEN 'open'
                          ELSE 'two_people' END",
    )
    .bind(organisation.0)
    .bind(at)
    .bind(found.iter().map(|_| backend.new_id::<PairId>().0).collect::<Vec<Uuid>>())
    .bind(found.iter().map(|pair| pair.a.0).collect::<Vec<_>>())
    .bind(found.iter().map(|pair| pair.b.0).collect::<Vec<_>>())
    .bind(found.iter().map(|pair| pair.found.points).collect::<Vec<_>>())
    .bind(found.iter().map(evidence).collect::<Vec<_>>())
    .bind(found.iter().map(|pair| pair.found.verdict.slug()).collect::<Vec<_>>())
    .bind(strong)
    .execute(connection)
    .await?;
    Ok(())
}
