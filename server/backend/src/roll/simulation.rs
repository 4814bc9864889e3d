//! What a change of several people would do, for a page that names them: who changes, who stays as they are, and why.

use std::collections::{BTreeMap, HashSet};

use domain::accounts::action::LeftAlone;
use domain::accounts::bulk::{BulkSimulation, NamedAccount, StaysSame};
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::ids::{PersonId, SchoolId};
use domain::operations::plan::PlanHash;
use domain::operations::progress::LeftOutCount;
use domain::roll::name::display_name;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// How many of those who change are named.
pub const NAMED: usize = 200;

/// How many of those who stay as they are, for each reason.
const NAMED_STAYING: usize = 20;

/// A row about one person.
pub(crate) trait OfPerson {
    /// Who.
    fn person(&self) -> PersonId;
}

/// Who stays as they are.
#[derive(Debug, Default)]
pub struct StaysAsItIs {
    /// Who, by reason.
    people: BTreeMap<String, Vec<PersonId>>,
    /// How many a restriction hides from the actor, who are not named.
    restricted: u32,
}

impl StaysAsItIs {
    /// Nobody yet, but for those whom a restriction hides.
    pub(crate) fn hiding(restricted: usize) -> Self {
        Self { people: BTreeMap::new(), restricted: u32::try_from(restricted).unwrap_or(u32::MAX) }
    }

    /// Leaves somebody as they are.
    pub(crate) fn keep(&mut self, reason: &str, person: PersonId) {
        self.people.entry(reason.to_owned()).or_default().push(person);
    }

    /// Leaves those of `people` as they are whom nothing was found for.
    pub(crate) fn keep_others(&mut self, reason: &str, people: &[PersonId], found: &[impl OfPerson]) {
        let found: HashSet<PersonId> = found.iter().map(OfPerson::person).collect();
        for person in people.iter().filter(|person| !found.contains(person)) {
            self.keep(reason, *person);
        }
    }

    /// Leaves those as they are for whom there is a reason, and returns the others.
    pub(crate) fn sort_out<R: OfPerson>(
        &mut self,
        rows: Vec<R>,
        reason: impl Fn(&R) -> Option<&'static str>,
    ) -> Vec<R> {
        let mut ready = Vec::with_capacity(rows.len());
        for row in rows {
            match reason(&row) {
                Some(reason) => self.keep(reason, row.person()),
                None => ready.push(row),
            }
        }
        ready
    }

    /// How many, by reason.
    pub(crate) fn counts(&self) -> Vec<(String, u32)> {
        let count = |people: &Vec<PersonId>| u32::try_from(people.len()).unwrap_or(u32::MAX);
        let mut counts: Vec<_> =
            self.people.iter().map(|(reason, people)| (reason.clone(), count(people))).collect();
        if self.restricted > 0 {
            counts.push((LeftAlone::RESTRICTED.to_owned(), self.restricted));
        }
        counts
    }

    /// The same, for what an operation says of those it left out.
    pub(crate) fn left_out(&self) -> Vec<LeftOutCount> {
        self.counts().into_iter().map(|(reason, count)| LeftOutCount { reason, count }).collect()
    }
}

/// Names the people of a plan, and those who stay as they are.
pub(crate) async fn told(
    backend: &Backend,
    actor: &Actor,
    (school, permission): (SchoolId, Permission),
    (people, stays): (Vec<PersonId>, StaysAsItIs),
    (waits, hash): (bool, PlanHash),
) -> Result<BulkSimulation> {
    let mut transaction = backend.enter(actor, permission, InSchool(school)).await?.transaction;
    let first = named(&mut transaction, actor, &people, NAMED).await?;
    let mut lines = Vec::new();
    for (reason, count) in stays.counts() {
        let whose = stays.people.get(&reason).map(Vec::as_slice).unwrap_or_default();
        let first = named(&mut transaction, actor, whose, NAMED_STAYING).await?;
        lines.push(StaysSame { reason, count: usize::try_from(count).unwrap_or(usize::MAX), first });
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.count));
    Ok(BulkSimulation { changes: people.len(), first, stays: lines, waits, hash })
}

#[derive(sqlx::FromRow)]
struct NamedRow {
    id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    username: String,
}

/// The first of these people by name, with their usernames.
pub(crate) async fn named(
    connection: &mut PgConnection,
    actor: &Actor,
    people: &[PersonId],
    most: usize,
) -> Result<Vec<NamedAccount>> {
    let rows = sqlx::query_as::<_, NamedRow>(
        "SELECT p.id, p.given_name, p.family_name, p.preferred_name, coalesce(a.username, '') AS username
         FROM people p
         LEFT JOIN accounts a ON a.organisation_id = p.organisation_id AND a.person_id = p.id
         WHERE p.organisation_id = $1 AND p.id = ANY ($2) ORDER BY p.sort_key, p.id LIMIT $3",
    )
    .bind(actor.organisation.0)
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?;
    let named = |row: NamedRow| NamedAccount {
        person: PersonId(row.id),
        name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
        username: row.username,
    };
    Ok(rows.into_iter().map(named).collect())
}
