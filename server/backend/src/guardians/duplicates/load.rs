//! Loads the adults of an organisation for comparing.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use domain::guardians::duplicates::adult::{Adult, ChildLink, WrittenName};
use domain::ids::{OrganisationId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;

#[derive(sqlx::FromRow)]
struct AdultRow {
    id: Uuid,
    title: String,
    given_name: String,
    preferred_name: String,
    family_name: String,
    born_on: Option<NaiveDate>,
    home: Option<String>,
    is_staff: bool,
    is_student: bool,
}

#[derive(sqlx::FromRow)]
struct AddressRow {
    person_id: Uuid,
    kind: String,
    comparable: String,
}

#[derive(sqlx::FromRow)]
struct LinkRow {
    adult_id: Uuid,
    child_id: Uuid,
    priority: Option<i16>,
    recorded: i64,
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    person_id: Uuid,
    series: String,
    comparable: String,
}

/// The adults of an organisation, or those of them in `only`, one statement for each kind of fact: contacts, staff, and people
/// whom another system names. Organisations, and people who were merged into others, are left out.
pub(in crate::guardians) async fn adults(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    today: NaiveDate,
    only: Option<&[Uuid]>,
) -> Result<Vec<Adult>> {
    let rows: Vec<AdultRow> = sqlx::query_as::<_, AdultRow>(
        "WITH adults AS (
             SELECT adult_id AS id FROM contacts WHERE organisation_id = $1
             UNION SELECT person_id FROM employments WHERE organisation_id = $1
             UNION SELECT person_id FROM staff_roles WHERE organisation_id = $1
             UNION SELECT person_id FROM person_keys WHERE organisation_id = $1)
         SELECT p.id, p.title, p.given_name, p.preferred_name, p.family_name, p.born_on, h.comparable AS home,
                EXISTS (SELECT FROM employments e WHERE e.person_id = p.id)
                OR EXISTS (SELECT FROM staff_roles r WHERE r.person_id = p.id) AS is_staff,
                EXISTS (SELECT FROM enrolments e WHERE e.person_id = p.id AND e.latest
                          AND roll_status_on($2, e.starts_on, e.ends_on) = 'current') AS is_student
         FROM adults JOIN people p ON p.id = adults.id
         LEFT JOIN postal_addresses h ON h.person_id = p.id
         WHERE p.organisation_id = $1 AND p.merged_into IS NULL AND NOT p.is_organisation
           AND ($3::uuid[] IS NULL OR p.id = ANY ($3))",
    )
    .bind(organisation.0)
    .bind(today)
    .bind(only)
    .fetch_all(&mut *connection)
    .await?;
    let mut at = HashMap::with_capacity(rows.len());
    let mut adults: Vec<Adult> = Vec::with_capacity(rows.len());
    for row in rows {
        at.insert(row.id, adults.len());
        adults.push(row.adult());
    }
    add_addresses(connection, organisation, only, (&at, &mut adults)).await?;
    add_children(connection, organisation, only, (&at, &mut adults)).await?;
    add_keys(connection, organisation, only, (&at, &mut adults)).await?;
    Ok(adults)
}

/// These people, and all who share an address, a child, a home, a date of birth or an identifier with one of them, or work here:
/// nobody else can turn out to be one of them by more than a name.
pub(in crate::guardians) async fn near(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    people: &[PersonId],
) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar(
        "WITH chosen AS (SELECT id FROM unnest($2::uuid[]) AS chosen (id))
         SELECT id FROM chosen
         UNION SELECT o.person_id FROM addresses o
         WHERE o.organisation_id = $1
           AND (o.kind, o.comparable) IN (SELECT a.kind, a.comparable FROM chosen
                                          JOIN addresses a ON a.organisation_id = $1 AND a.person_id = chosen.id)
         UNION SELECT o.adult_id FROM contacts o
         WHERE o.organisation_id = $1 AND o.child_id IN (SELECT c.child_id FROM chosen JOIN contacts c ON c.adult_id = chosen.id)
         UNION SELECT o.person_id FROM postal_addresses o
         WHERE o.organisation_id = $1
           AND o.comparable IN (SELECT h.comparable FROM chosen JOIN postal_addresses h ON h.person_id = chosen.id)
         UNION SELECT o.id FROM people o
         WHERE o.organisation_id = $1 AND o.born_on IN (SELECT p.born_on FROM chosen JOIN people p ON p.id = chosen.id AND p.born_on IS NOT NULL)
         UNION SELECT o.person_id FROM person_keys o
         WHERE o.organisation_id = $1
           AND (o.series, o.comparable) IN (SELECT k.series, k.comparable FROM chosen
                                            JOIN person_keys k ON k.organisation_id = $1 AND k.person_id = chosen.id)
         UNION SELECT person_id FROM employments WHERE organisation_id = $1
         UNION SELECT person_id FROM staff_roles WHERE organisation_id = $1",
    )
    .bind(organisation.0)
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?)
}

/// The addresses and numbers of schools: sharing them says nothing about two people.
pub(in crate::guardians) async fn office(
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<HashSet<String>> {
    let values: Vec<String> = sqlx::query_scalar(
        "SELECT lower(value) FROM (
             SELECT office_email AS value FROM schools WHERE organisation_id = $1
             UNION SELECT office_phone FROM schools WHERE organisation_id = $1
             UNION SELECT office_email FROM organisations WHERE id = $1
             UNION SELECT office_phone FROM organisations WHERE id = $1) of
         WHERE value IS NOT NULL",
    )
    .bind(organisation.0)
    .fetch_all(connection)
    .await?;
    Ok(values.into_iter().collect())
}

async fn add_addresses(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    only: Option<&[Uuid]>,
    (at, adults): (&HashMap<Uuid, usize>, &mut [Adult]),
) -> Result<()> {
    let rows: Vec<AddressRow> = sqlx::query_as::<_, AddressRow>(
        "SELECT person_id, kind, comparable FROM addresses
         WHERE organisation_id = $1 AND ($2::uuid[] IS NULL OR person_id = ANY ($2))",
    )
    .bind(organisation.0)
    .bind(only)
    .fetch_all(connection)
    .await?;
    for row in rows {
        // Students have addresses too.
        let Some(adult) = at.get(&row.person_id).map(|at| &mut adults[*at]) else { continue };
        if row.kind == "email" { adult.add_email(row.comparable) } else { adult.add_phone(row.comparable) }
    }
    Ok(())
}

async fn add_children(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    only: Option<&[Uuid]>,
    (at, adults): (&HashMap<Uuid, usize>, &mut [Adult]),
) -> Result<()> {
    let rows: Vec<LinkRow> = sqlx::query_as::<_, LinkRow>(
        "SELECT adult_id, child_id, priority, (extract(epoch FROM created_at) * 1000000)::bigint AS recorded
         FROM contacts WHERE organisation_id = $1 AND ($2::uuid[] IS NULL OR adult_id = ANY ($2))",
    )
    .bind(organisation.0)
    .bind(only)
    .fetch_all(connection)
    .await?;
    for LinkRow { adult_id, child_id, priority, recorded } in rows {
        if let Some(at) = at.get(&adult_id) {
            adults[*at].add_child(ChildLink { child: PersonId(child_id), priority, recorded });
        }
    }
    Ok(())
}

async fn add_keys(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    only: Option<&[Uuid]>,
    (at, adults): (&HashMap<Uuid, usize>, &mut [Adult]),
) -> Result<()> {
    let rows: Vec<KeyRow> = sqlx::query_as::<_, KeyRow>(
        "SELECT person_id, series, comparable FROM person_keys
         WHERE organisation_id = $1 AND ($2::uuid[] IS NULL OR person_id = ANY ($2))",
    )
    .bind(organisation.0)
    .bind(only)
    .fetch_all(connection)
    .await?;
    for row in rows {
        if let Some(at) = at.get(&row.person_id) {
            adults[*at].add_key(row.series, row.comparable);
        }
    }
    Ok(())
}

impl AdultRow {
    fn adult(self) -> Adult {
        let name = WrittenName {
            title: &self.title,
            given: &self.given_name,
            preferred: &self.preferred_name,
            family: &self.family_name,
        };
        let mut adult = Adult::new(PersonId(self.id), name).born_on(self.born_on);
        if let Some(home) = self.home {
            adult.set_home(home);
        }
        adult.set_staff(self.is_staff);
        adult.set_student(self.is_student);
        adult
    }
}
