//! Writing a plan: gathered in temporary tables by COPY, then one statement per kind of change.

use chrono::{DateTime, Utc};
use domain::ids::{AddressId, EnrolmentId, OrganisationId, PersonId, SchoolId};
use domain::imports::plan::RowPlan;
use domain::imports::write::{EnrolmentDetails, EnrolmentWrite, PersonDetails, Write};
use domain::roll::address::AddressKind;
use domain::roll::enrolment::AdmissionNumber;
use domain::roll::fold::{search_key, sort_key};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db::{CopyRow, copy_rows};
use crate::{Backend, Result};

/// Makes the temporary tables; they end with the transaction.
pub(super) async fn begin(connection: &mut PgConnection) -> Result<()> {
    for statement in [
        "CREATE TEMPORARY TABLE import_people (id uuid, is_new boolean, given_name text, middle_name text, family_name text,
             preferred_name text, born_on date, language text, search_key text, sort_key text) ON COMMIT DROP",
        "CREATE TEMPORARY TABLE import_enrolments (id uuid, is_new boolean, person_id uuid, admission_number text,
             year_group text, registration_group text, starts_on date, ends_on date) ON COMMIT DROP",
        "CREATE TEMPORARY TABLE import_addresses (id uuid, person_id uuid, kind text, value text, comparable text) ON COMMIT DROP",
    ] {
        sqlx::query(statement).execute(&mut *connection).await?;
    }
    Ok(())
}

/// A row's write with the identifiers that it will have.
struct Numbered<'a> {
    write: &'a Write,
    key: &'a str,
    person: PersonId,
    enrolment: EnrolmentId,
}

impl<'a> Numbered<'a> {
    fn new(backend: &Backend, plan: &'a RowPlan) -> Option<Self> {
        let write = plan.write.as_ref()?;
        let (person, enrolment) = write.existing.unzip();
        let enrolment = match write.enrolment {
            EnrolmentWrite::Begin(_) => None,
            EnrolmentWrite::Keep | EnrolmentWrite::Change(_) => enrolment,
        };
        Some(Self {
            write,
            key: plan.key.as_ref().map_or("", AdmissionNumber::as_str),
            person: person.unwrap_or_else(|| backend.new_id()),
            enrolment: enrolment.unwrap_or_else(|| backend.new_id()),
        })
    }
}

/// An address that a row makes the primary one.
struct NewAddress<'a> {
    id: AddressId,
    person: PersonId,
    kind: AddressKind,
    value: &'a str,
    comparable: String,
}

/// What some rows write, by table.
#[derive(Default)]
struct Gathered<'a> {
    people: Vec<(Numbered<'a>, &'a PersonDetails)>,
    enrolments: Vec<(EnrolmentId, bool, PersonId, &'a str, &'a EnrolmentDetails)>,
    addresses: Vec<NewAddress<'a>>,
}

impl<'a> Gathered<'a> {
    fn from_plans(backend: &Backend, plans: &'a [RowPlan]) -> Self {
        let mut gathered = Self::default();
        for row in plans.iter().filter_map(|plan| Numbered::new(backend, plan)) {
            let (id, person, key, write) = (row.enrolment, row.person, row.key, row.write);
            match &write.enrolment {
                EnrolmentWrite::Keep => {}
                EnrolmentWrite::Change(details) => {
                    gathered.enrolments.push((id, false, person, key, details));
                }
                EnrolmentWrite::Begin(details) => gathered.enrolments.push((id, true, person, key, details)),
            }
            if let Some(email) = &write.email {
                let (kind, value, comparable) = (AddressKind::Email, email.as_str(), email.comparable());
                gathered.addresses.push(NewAddress { id: backend.new_id(), person, kind, value, comparable });
            }
            if let Some(phone) = &write.phone {
                let (kind, value) = (AddressKind::Phone, phone.as_str());
                let comparable = value.to_owned();
                gathered.addresses.push(NewAddress { id: backend.new_id(), person, kind, value, comparable });
            }
            if let Some(details) = &write.person {
                gathered.people.push((row, details));
            }
        }
        gathered
    }
}

/// Gathers what some rows write.
pub(super) async fn add(backend: &Backend, connection: &mut PgConnection, plans: &[RowPlan]) -> Result<()> {
    let Gathered { people, enrolments, addresses } = Gathered::from_plans(backend, plans);
    copy_rows(
        connection,
        "COPY import_people (id, is_new, given_name, middle_name, family_name, preferred_name, born_on, language, search_key, sort_key) FROM STDIN",
        people,
        |line, (row, details)| write_person(line, &row, details),
    )
    .await?;
    copy_rows(
        connection,
        "COPY import_enrolments (id, is_new, person_id, admission_number, year_group, registration_group, starts_on, ends_on) FROM STDIN",
        enrolments,
        |line, (id, is_new, person, key, details)| {
            line.plain(id)
                .plain(is_new)
                .plain(person)
                .text(key)
                .text(&details.year)
                .text(&details.group)
                .plain(details.starts_on)
                .plain_or_null(details.ends_on);
        },
    )
    .await?;
    copy_rows(
        connection,
        "COPY import_addresses (id, person_id, kind, value, comparable) FROM STDIN",
        addresses,
        |line, address| {
            line.plain(address.id)
                .plain(address.person)
                .text(address.kind.slug())
                .text(address.value)
                .text(&address.comparable);
        },
    )
    .await?;
    Ok(())
}

fn write_person(line: &mut CopyRow<'_>, row: &Numbered<'_>, details: &PersonDetails) {
    let name = &details.name;
    line.plain(row.person)
        .plain(row.write.existing.is_none())
        .text(name.given())
        .text(name.middle())
        .text(name.family())
        .text(name.preferred())
        .plain_or_null(details.born_on)
        .text(&details.language)
        .text(&search_key(name.given(), name.middle(), name.family(), name.preferred(), row.key))
        .text(&sort_key(name.given(), name.family()));
}

/// Once all is gathered: tells PostgreSQL how much there is. It never looks at temporary tables by itself (PostgreSQL,
/// "The Autovacuum Daemon"), and what it takes for a few rows it compares with every address of the organisation.
pub(super) async fn gathered(connection: &mut PgConnection) -> Result<()> {
    sqlx::query("ANALYZE import_people, import_enrolments, import_addresses").execute(connection).await?;
    Ok(())
}

/// Whose email address is about to be written.
pub(super) async fn emailed(connection: &mut PgConnection) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar("SELECT person_id FROM import_addresses WHERE kind = 'email'")
        .fetch_all(connection)
        .await?)
}

/// The addresses that messages to them go to until then.
pub(super) async fn left(
    connection: &mut PgConnection,
    organisation: OrganisationId,
) -> Result<Vec<AddressId>> {
    let left: Vec<Uuid> = sqlx::query_scalar(
        "SELECT m.id FROM import_addresses i JOIN addresses m ON m.person_id = i.person_id
         WHERE i.kind = 'email' AND m.organisation_id = $1 AND m.kind = 'email' AND m.is_primary",
    )
    .bind(organisation.0)
    .fetch_all(connection)
    .await?;
    Ok(left.into_iter().map(AddressId).collect())
}

/// Writes what was gathered to the roll.
pub(super) async fn apply(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    school: SchoolId,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO people (id, organisation_id, given_name, middle_name, family_name, preferred_name, born_on, language, search_key, sort_key, created_at, updated_at)
         SELECT id, $1, given_name, middle_name, family_name, preferred_name, born_on, language, search_key, sort_key, $2, $2
         FROM import_people WHERE is_new",
    )
    .bind(organisation.0)
    .bind(now)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE people p SET given_name = i.given_name, middle_name = i.middle_name, family_name = i.family_name,
                preferred_name = i.preferred_name, born_on = i.born_on, language = i.language, search_key = i.search_key,
                sort_key = i.sort_key, updated_at = $2
         FROM import_people i WHERE NOT i.is_new AND p.organisation_id = $1 AND p.id = i.id",
    )
    .bind(organisation.0)
    .bind(now)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE enrolments e SET latest = false, updated_at = $3
         FROM import_enrolments i WHERE i.is_new AND e.organisation_id = $1 AND e.school_id = $2 AND e.person_id = i.person_id AND e.latest",
    )
    .bind(organisation.0)
    .bind(school.0)
    .bind(now)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO enrolments (id, organisation_id, school_id, person_id, admission_number, year_group, registration_group, starts_on, ends_on, latest, created_at, updated_at)
         SELECT id, $1, $2, person_id, admission_number, year_group, registration_group, starts_on, ends_on, true, $3, $3
         FROM import_enrolments WHERE is_new",
    )
    .bind(organisation.0)
    .bind(school.0)
    .bind(now)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE enrolments e SET year_group = i.year_group, registration_group = i.registration_group,
                starts_on = i.starts_on, ends_on = i.ends_on, updated_at = $2
         FROM import_enrolments i WHERE NOT i.is_new AND e.organisation_id = $1 AND e.id = i.id",
    )
    .bind(organisation.0)
    .bind(now)
    .execute(&mut *connection)
    .await?;
    apply_addresses(connection, organisation, now).await
}

/// Makes the file's addresses the primary ones; others stay beside them.
async fn apply_addresses(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    now: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "UPDATE addresses a SET is_primary = false
         FROM import_addresses i WHERE a.organisation_id = $1 AND a.person_id = i.person_id AND a.kind = i.kind AND a.is_primary",
    )
    .bind(organisation.0)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO addresses (id, organisation_id, person_id, kind, value, comparable, is_primary, created_at)
         SELECT id, $1, person_id, kind, value, comparable, true, $2 FROM import_addresses
         ON CONFLICT ON CONSTRAINT addresses_value_key DO UPDATE SET value = EXCLUDED.value, is_primary = true",
    )
    .bind(organisation.0)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}
