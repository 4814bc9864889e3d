//! Adults who share an address with somebody, and those who may be on record twice: by the same evidence and points as the
//! board of likely duplicates. Nothing here joins two people: a person is asked.

use std::collections::{HashMap, HashSet};

use domain::guardians::autocreate::facts::Alike;
use domain::guardians::duplicates::adult::Adult;
use domain::guardians::duplicates::evidence::Evidence;
use domain::guardians::duplicates::judge::{Judgement, asks_again};
use domain::guardians::duplicates::likely::{LikelyPair, likely_pairs_of};
use domain::guardians::duplicates::pair::PairState;
use domain::ids::PersonId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::guardians::duplicates::load;
use crate::tenancy::places::SchoolContext;
use crate::{Error, Result};

/// What is found about the adults who would get an account.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Those whose email another adult has too.
    pub(super) shared: HashSet<PersonId>,
    /// Those who may be somebody else on record.
    pub(super) alike: HashMap<PersonId, Alike>,
    /// The pairs that say so.
    pub(super) pairs: Vec<LikelyPair>,
}

#[derive(sqlx::FromRow)]
struct KnownRow {
    a_id: Uuid,
    b_id: Uuid,
    state: String,
    evidence: Vec<String>,
    known_then: Vec<String>,
}

/// Looks for others who may be one of these adults.
pub(super) async fn find(
    connection: &mut PgConnection,
    school: &SchoolContext,
    adults: &[PersonId],
) -> Result<Found> {
    if adults.is_empty() {
        return Ok(Found::default());
    }
    let shared = shared_emails(connection, school, adults).await?;
    let known = known(connection, school, adults).await?;
    let near = load::near(connection, school.organisation, adults).await?;
    let near = load::adults(connection, school.organisation, school.today, Some(&near)).await?;
    let office = load::office(connection, school.organisation).await?;
    let staff: HashSet<PersonId> = near.iter().filter(|adult| adult.is_staff()).map(Adult::person).collect();
    let chosen: HashSet<PersonId> = adults.iter().copied().collect();
    // Tens of thousands of comparisons: other tasks of this thread must not wait for them.
    let (likely, chosen) =
        tokio::task::spawn_blocking(move || (likely_pairs_of(&chosen, near, office), chosen))
            .await
            .map_err(Error::unexpected)?;
    let mut found = Found { shared, ..Found::default() };
    let mut best: HashMap<PersonId, (i16, PersonId)> = HashMap::new();
    let asked = likely.into_iter().filter(|pair| holds_up(&pair.found) && !known.says_two(pair));
    for pair in asked {
        for (adult, other) in [(pair.a, pair.b), (pair.b, pair.a)] {
            if chosen.contains(&adult) {
                let (points, likeliest) = best.entry(adult).or_insert((pair.found.points, other));
                if pair.found.points > *points {
                    (*points, *likeliest) = (pair.found.points, other);
                }
            }
        }
        found.pairs.push(pair);
    }
    // What the board asks about whole names that few people have is asked here too.
    for (a, b) in known.rare {
        for (adult, other) in [(a, b), (b, a)] {
            if chosen.contains(&adult) {
                best.entry(adult).or_insert((0, other));
            }
        }
    }
    found.alike = best
        .into_iter()
        .map(|(adult, (_, other))| {
            let is_colleague = staff.contains(&other);
            (adult, if is_colleague { Alike::Colleague(other) } else { Alike::Person(other) })
        })
        .collect();
    Ok(found)
}

/// Students who share their parents' address and name are no second record of them.
fn holds_up(found: &Judgement) -> bool {
    found.is_more_than_a_name() && !found.evidence.contains(&Evidence::Student)
}

/// What the office answered, and is asked, about pairs.
struct Known {
    /// Pairs who were said to be two people, with what was known then.
    two: HashMap<(PersonId, PersonId), Vec<Evidence>>,
    /// Pairs of one whole name that few people have, which wait for an answer.
    rare: Vec<(PersonId, PersonId)>,
}

impl Known {
    /// Whether the office said that they are two people, and nothing strong is new since.
    fn says_two(&self, pair: &LikelyPair) -> bool {
        self.two.get(&(pair.a, pair.b)).is_some_and(|then| !asks_again(then, &pair.found.evidence))
    }
}

async fn known(connection: &mut PgConnection, school: &SchoolContext, adults: &[PersonId]) -> Result<Known> {
    let rows = sqlx::query_as::<_, KnownRow>(
        "SELECT g.a_id, g.b_id, g.state, g.evidence, g.known_then
         FROM person_pairs g
         JOIN people a ON a.id = g.a_id AND a.merged_into IS NULL
         JOIN people b ON b.id = g.b_id AND b.merged_into IS NULL
         WHERE g.organisation_id = $1 AND g.state <> 'merged' AND (g.a_id = ANY ($2) OR g.b_id = ANY ($2))
         ORDER BY g.points DESC, g.id",
    )
    .bind(school.organisation.0)
    .bind(adults.iter().map(|adult| adult.0).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    let mut known = Known { two: HashMap::new(), rare: Vec::new() };
    for row in rows {
        let pair = (PersonId(row.a_id), PersonId(row.b_id));
        let read =
            |slugs: &[String]| slugs.iter().filter_map(|slug| Evidence::from_slug(slug)).collect::<Vec<_>>();
        let evidence = read(&row.evidence);
        let is_rare = [Evidence::SameGiven, Evidence::RareFamily].iter().all(|one| evidence.contains(one));
        if row.state == PairState::TwoPeople.slug() {
            known.two.insert(pair, read(&row.known_then));
        } else if is_rare && !evidence.contains(&Evidence::Student) {
            known.rare.push(pair);
        }
    }
    Ok(known)
}

/// Those whose email address another adult has too. A student who uses it keeps nobody from signing in with it.
async fn shared_emails(
    connection: &mut PgConnection,
    school: &SchoolContext,
    adults: &[PersonId],
) -> Result<HashSet<PersonId>> {
    let found: Vec<Uuid> = sqlx::query_scalar(
        "SELECT DISTINCT a.person_id
         FROM unnest($2::uuid[]) AS chosen (id)
         JOIN addresses a ON a.organisation_id = $1 AND a.person_id = chosen.id AND a.kind = 'email' AND a.is_primary
         JOIN addresses o ON o.organisation_id = $1 AND o.kind = 'email' AND o.comparable = a.comparable AND o.person_id <> a.person_id
         JOIN people q ON q.id = o.person_id AND q.merged_into IS NULL
         WHERE NOT EXISTS (SELECT FROM enrolments e WHERE e.person_id = o.person_id AND e.latest
                             AND roll_status_on($3, e.starts_on, e.ends_on) IN ('current', 'future'))",
    )
    .bind(school.organisation.0)
    .bind(adults.iter().map(|adult| adult.0).collect::<Vec<_>>())
    .bind(school.today)
    .fetch_all(connection)
    .await?;
    Ok(found.into_iter().map(PersonId).collect())
}
