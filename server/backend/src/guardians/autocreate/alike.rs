//! Adults who share an address with somebody, and those who may be on record twice. A surname alone never joins two people, and
//! nothing here joins them: a person is asked.

use std::collections::{HashMap, HashSet};

use domain::fold::fold;
use domain::guardians::autocreate::facts::{Alike, ContactStanding};
use domain::ids::PersonId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::read::ReadPair;
use crate::Result;
use crate::tenancy::places::SchoolContext;

/// What is found about the adults who would get an account.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Those whose email another adult has too.
    pub(super) shared: HashSet<PersonId>,
    /// Those who may be somebody else on record.
    pub(super) alike: HashMap<PersonId, Alike>,
}

#[derive(sqlx::FromRow)]
struct OtherRow {
    adult_id: Uuid,
    other_id: Uuid,
    is_their_email: bool,
    works_here: bool,
    given_name: String,
    family_name: String,
}

/// Looks for others with the same address, with the same name at work, and with nearly the same name at the same child.
pub(super) async fn find(
    connection: &mut PgConnection,
    school: &SchoolContext,
    pairs: &[ReadPair],
    adults: &[PersonId],
) -> Result<Found> {
    let names: HashMap<PersonId, &(String, String)> =
        pairs.iter().map(|pair| (pair.facts.adult, &pair.name)).collect();
    let rows = sqlx::query_as::<_, OtherRow>(
        "WITH chosen AS (SELECT id FROM unnest($2::uuid[]) AS chosen (id)),
              works AS (SELECT DISTINCT w.person_id FROM employments w
                        WHERE w.organisation_id = $1 AND daterange(w.starts_on, w.ends_on, '[]') @> $3::date),
              others AS (
                  SELECT a.person_id AS adult_id, o.person_id AS other_id, a.kind = 'email' AND a.is_primary AS is_their_email
                  FROM chosen JOIN addresses a ON a.person_id = chosen.id AND a.organisation_id = $1
                  JOIN addresses o ON o.organisation_id = $1 AND o.comparable = a.comparable AND o.kind = a.kind
                   AND o.person_id <> a.person_id
                  UNION ALL
                  SELECT p.id, q.id, false
                  FROM works JOIN people q ON q.id = works.person_id
                  JOIN people p ON p.organisation_id = $1 AND p.sort_key = q.sort_key AND p.id <> q.id
                  JOIN chosen ON chosen.id = p.id)
         SELECT o.adult_id, o.other_id, bool_or(o.is_their_email) AS is_their_email, bool_or(works.person_id IS NOT NULL) AS works_here,
                q.given_name, q.family_name
         FROM others o
         JOIN people q ON q.id = o.other_id AND q.organisation_id = $1 AND q.merged_into IS NULL
         LEFT JOIN works ON works.person_id = o.other_id
         WHERE NOT EXISTS (SELECT FROM enrolments e WHERE e.person_id = o.other_id AND e.latest
                             AND roll_status_on($3, e.starts_on, e.ends_on) IN ('current', 'future'))
         GROUP BY o.adult_id, o.other_id, q.given_name, q.family_name
         ORDER BY o.adult_id, o.other_id",
    )
    .bind(school.organisation.0)
    .bind(adults.iter().map(|adult| adult.0).collect::<Vec<_>>())
    .bind(school.today)
    .fetch_all(connection)
    .await?;
    let mut found = Found::default();
    for row in rows {
        let (adult, other) = (PersonId(row.adult_id), PersonId(row.other_id));
        if row.is_their_email {
            found.shared.insert(adult);
        }
        let Some(name) = names.get(&adult) else { continue };
        if may_be_one(name, &(row.given_name, row.family_name)) {
            found.alike.entry(adult).or_insert(if row.works_here {
                Alike::Colleague(other)
            } else {
                Alike::Person(other)
            });
        }
    }
    at_one_child(pairs, adults, &mut found);
    Ok(found)
}

/// Two contacts of one child with the same family name and nearly the same given name.
fn at_one_child(pairs: &[ReadPair], adults: &[PersonId], found: &mut Found) {
    let adults: HashSet<PersonId> = adults.iter().copied().collect();
    let in_force = |pair: &&ReadPair| pair.facts.contact_is == ContactStanding::Now;
    for of_child in pairs.chunk_by(|a, b| a.facts.child == b.facts.child) {
        for pair in of_child.iter().filter(in_force).filter(|pair| adults.contains(&pair.facts.adult)) {
            let twin = of_child.iter().filter(in_force).find(|other| {
                other.facts.adult != pair.facts.adult
                    && fold(&other.name.1) == fold(&pair.name.1)
                    && given_alike(&fold(&other.name.0), &fold(&pair.name.0))
            });
            if let Some(twin) = twin {
                found.alike.entry(pair.facts.adult).or_insert(Alike::Person(twin.facts.adult));
            }
        }
    }
}

/// Whether two people with one address may be one person: the same given name or its initial, or both names the other way
/// round. People marry, so the family name does not matter.
fn may_be_one(one: &(String, String), other: &(String, String)) -> bool {
    let [given, family, other_given, other_family] =
        [&one.0, &one.1, &other.0, &other.1].map(|name| fold(name));
    given_alike(&given, &other_given) || given == other_family && family == other_given
}

fn given_alike(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    short == long || short.is_empty() || short.chars().count() == 1 && long.starts_with(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_given_name_and_never_a_surname_tells_people_alike() {
        let name = |given: &str, family: &str| (given.to_owned(), family.to_owned());
        let alike =
            |one: (&str, &str), other: (&str, &str)| may_be_one(&name(one.0, one.1), &name(other.0, other.1));
        assert!(alike(("Mara", "Varga"), ("MARA", "Varga")));
        assert!(alike(("J", "Petrov"), ("Jelena", "Petrova")));
        assert!(alike(("Li", "Wei"), ("Wei", "Li")));
        assert!(alike(("José", "Álvarez Ruiz"), ("Jose", "Alvarez")));
        assert!(!alike(("Mara", "Varga"), ("Piotr", "Varga")));
        assert!(!alike(("Ruth", "Adler"), ("Paul", "Adler")));
    }
}
