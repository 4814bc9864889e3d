//! The database side of importing people of any kind: their details and addresses.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use domain::authorization::place::PersonPlaces;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::fold::{search_key, sort_key};
use domain::ids::{AccountId, AddressId, PersonId, SchoolId};
use domain::roll::address::AddressKind;
use domain::roll::import::people::{CurrentPerson, EditedFields, HAS_ACCOUNT, PersonDetails, PersonWrite};
use domain::roll::name::PersonName;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::authorization::roles::everybody_outranking;
use crate::credentials::disown::{WrongAddress, end_what_it_opened};
use crate::credentials::revoke::revoke_everything_sent_to;
use crate::db::copy_rows;
use crate::imports::kind::Importing;
use crate::imports::written::WrittenTable;
use crate::roll::addresses::moved::EmailsBefore;
use crate::roll::edits;
use crate::{Error, Result};

/// The temporary tables of people and addresses, which are dropped when the transaction ends.
pub(crate) const GATHER_PEOPLE: &str =
    "CREATE TEMPORARY TABLE import_people (id uuid, is_new boolean, given_name text, middle_name text, family_name text,
         preferred_name text, born_on date, language text, search_key text, sort_key text) ON COMMIT DROP";
pub(crate) const GATHER_ADDRESSES: &str =
    "CREATE TEMPORARY TABLE import_addresses (id uuid, person_id uuid, of_new_person boolean, kind text, value text,
         comparable text) ON COMMIT DROP";

/// People, before the tables that refer to them.
pub(crate) const PEOPLE: WrittenTable = WrittenTable {
    before: "INSERT INTO import_before (kind, id, person_id, before)
             SELECT 'person', p.id, p.id, to_jsonb(p)
             FROM import_people i JOIN people p ON p.id = i.id WHERE NOT i.is_new AND p.organisation_id = $1",
    after: "INSERT INTO import_writes (organisation_id, import_id, kind, id, person_id, before, left_as)
            SELECT $1::uuid, $2::uuid, 'person', b.id, b.id, b.before, fingerprint(p)
            FROM import_before b JOIN people p ON p.id = b.id WHERE b.kind = 'person'
            UNION ALL
            SELECT $1::uuid, $2::uuid, 'person', p.id, p.id, NULL, fingerprint(p)
            FROM import_people i JOIN people p ON p.id = i.id WHERE i.is_new",
    remove: "DELETE FROM people WHERE organisation_id = $1
               AND id IN (SELECT id FROM import_writes WHERE import_id = $2 AND kind = 'person' AND before IS NULL)",
    restore: &[
        "UPDATE people p SET given_name = b.given_name, middle_name = b.middle_name, family_name = b.family_name,
                preferred_name = b.preferred_name, born_on = b.born_on, language = b.language, search_key = b.search_key,
                sort_key = b.sort_key, updated_at = b.updated_at
         FROM import_writes w, jsonb_populate_record(NULL::people, w.before) b
         WHERE p.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'person' AND w.before IS NOT NULL AND p.id = w.id",
    ],
};

/// Their addresses.
pub(crate) const ADDRESSES: WrittenTable = WrittenTable {
    before: "INSERT INTO import_before (kind, id, person_id, before)
             SELECT DISTINCT 'address', a.id, a.person_id, to_jsonb(a)
             FROM import_addresses i
             JOIN addresses a ON a.person_id = i.person_id AND a.kind = i.kind AND (a.is_primary OR a.comparable = i.comparable)
             WHERE a.organisation_id = $1 AND NOT i.of_new_person",
    // An imported address is new unless its person already had it; the existing row then has another id.
    after: "INSERT INTO import_writes (organisation_id, import_id, kind, id, person_id, before, left_as)
            SELECT $1::uuid, $2::uuid, 'address', b.id, b.person_id, b.before, fingerprint(a)
            FROM import_before b JOIN addresses a ON a.id = b.id WHERE b.kind = 'address'
            UNION ALL
            SELECT $1::uuid, $2::uuid, 'address', a.id, a.person_id, NULL, fingerprint(a)
            FROM import_addresses i JOIN addresses a ON a.id = i.id",
    remove: "DELETE FROM addresses WHERE organisation_id = $1
               AND id IN (SELECT id FROM import_writes WHERE import_id = $2 AND kind = 'address' AND before IS NULL)",
    restore: &[
        // The unique index checks each row as it is written, so all old primary addresses are cleared first.
        "UPDATE addresses a SET is_primary = false FROM import_writes w
         WHERE a.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'address' AND a.id = w.id AND a.is_primary",
        "UPDATE addresses a SET value = b.value, is_primary = b.is_primary
         FROM import_writes w, jsonb_populate_record(NULL::addresses, w.before) b
         WHERE a.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'address' AND w.before IS NOT NULL AND a.id = w.id",
    ],
};

/// What is known about people before their rows are looked up.
pub(crate) struct KnownPeople {
    outranking: HashSet<PersonId>,
    left_emails: HashMap<Uuid, Vec<String>>,
    edited: HashMap<Uuid, EditedFields>,
}

impl KnownPeople {
    /// Finds the people who have permissions that the importer does not have, the email addresses that people replaced
    /// themselves while the confirmed one is still current, and what staff have changed by hand.
    pub(crate) async fn of(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<Self> {
        let outranking = everybody_outranking(cx.backend, connection, cx.actor).await?;
        let left = sqlx::query_as::<_, (Uuid, Vec<String>)>(
            "SELECT a.person_id, array_agg(lower(c.old_value COLLATE \"C\"))
             FROM address_changes c JOIN accounts a ON a.organisation_id = c.organisation_id AND a.id = c.account_id
             JOIN addresses m ON m.person_id = a.person_id AND m.kind = 'email' AND m.is_primary
             WHERE c.organisation_id = $1 AND c.old_value IS NOT NULL AND c.confirmed_at IS NOT NULL AND c.undone_at IS NULL
               AND EXISTS (SELECT FROM address_changes k
                           WHERE k.account_id = a.id AND k.confirmed_at IS NOT NULL AND k.undone_at IS NULL
                             AND lower(k.new_value COLLATE \"C\") = m.comparable)
             GROUP BY a.person_id",
        )
        .bind(cx.school.organisation.0)
        .fetch_all(&mut *connection)
        .await?;
        let edited = if cx.replaces_edits {
            HashMap::new()
        } else {
            edits::all(connection, cx.school.organisation).await?
        };
        Ok(Self { outranking, left_emails: left.into_iter().collect(), edited })
    }
}

/// The columns of a person, their email and their phone: what a file can change.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct ImportPersonRow {
    pub(crate) person_id: Uuid,
    given_name: String,
    middle_name: String,
    family_name: String,
    preferred_name: String,
    born_on: Option<NaiveDate>,
    language: String,
    email: Option<String>,
    phone: Option<String>,
    /// Username, unless the account is closed.
    account: Option<String>,
}

impl ImportPersonRow {
    /// The person, with what is known about them.
    /// `schools` are those at which they are on roll.
    pub(crate) fn current(
        self,
        cx: &Importing<'_>,
        known: &KnownPeople,
        schools: &[SchoolId],
    ) -> Result<CurrentPerson> {
        let person = PersonId(self.person_id);
        let places = PersonPlaces { person, schools, groups: &[] };
        let place = Resource::Person(cx.actor.organisation, places);
        let may = |permission| decide(cx.actor, permission, place).is_ok();
        let sees_account = self.account.is_none() || may(Permission::ViewAccounts);
        let account = self.account.map(|name| if sees_account { name } else { HAS_ACCOUNT.to_owned() });
        let name =
            PersonName::new(&self.given_name, &self.middle_name, &self.family_name, &self.preferred_name)
                .map_err(Error::unexpected)?;
        Ok(CurrentPerson {
            person,
            name,
            born_on: self.born_on,
            language: self.language,
            email: self.email,
            left_emails: known.left_emails.get(&self.person_id).cloned().unwrap_or_default(),
            phone: self.phone,
            edited: known.edited.get(&self.person_id).copied().unwrap_or_default(),
            may_readdress: account.is_none() || may(Permission::EditContacts),
            account,
            outranks: known.outranking.contains(&person),
            own: cx.actor.person() == Some(person),
        })
    }
}

/// A person that a row writes: their id, what is written, and the number that identifies them.
pub(crate) struct Numbered<'a> {
    pub(crate) id: PersonId,
    pub(crate) write: &'a PersonWrite,
    pub(crate) number: &'a str,
}

impl<'a> Numbered<'a> {
    /// Assigns an id to a new person.
    pub(crate) fn new(cx: &Importing<'_>, write: &'a PersonWrite, number: &'a str) -> Self {
        Self { id: write.existing.unwrap_or_else(|| cx.backend.new_id()), write, number }
    }
}

/// Gathers what some rows write about people.
pub(crate) async fn gather(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    people: &[Numbered<'_>],
) -> Result<()> {
    copy_rows(
        connection,
        "COPY import_people (id, is_new, given_name, middle_name, family_name, preferred_name, born_on, language, search_key, sort_key) FROM STDIN",
        with_details(people),
        |line, (person, PersonDetails { name, born_on, language })| {
            line.plain(person.id)
                .plain(person.write.existing.is_none())
                .text(name.given())
                .text(name.middle())
                .text(name.family())
                .text(name.preferred())
                .plain_or_null(*born_on)
                .text(language)
                .text(&search_key(name.given(), name.middle(), name.family(), name.preferred(), person.number))
                .text(&sort_key(name.given(), name.family()));
        },
    )
    .await?;
    copy_rows(
        connection,
        "COPY import_addresses (id, person_id, of_new_person, kind, value, comparable) FROM STDIN",
        addresses(people),
        |line, (person, (kind, value, comparable))| {
            line.plain(cx.backend.new_id::<AddressId>())
                .plain(person.id)
                .plain(person.write.existing.is_none())
                .text(kind.slug())
                .text(value)
                .text(&comparable);
        },
    )
    .await?;
    Ok(())
}

/// The people whose details are written.
fn with_details<'a>(people: &'a [Numbered<'a>]) -> Vec<(&'a Numbered<'a>, &'a PersonDetails)> {
    people.iter().filter_map(|person| Some((person, person.write.details.as_ref()?))).collect()
}

/// The addresses that are written: the person, kind, value, and the form for comparison.
fn addresses<'a>(people: &'a [Numbered<'a>]) -> Vec<(&'a Numbered<'a>, (AddressKind, &'a str, String))> {
    let mut addresses = Vec::new();
    for person in people {
        if let Some(email) = &person.write.email {
            addresses.push((person, (AddressKind::Email, email.as_str(), email.comparable())));
        }
        if let Some(phone) = &person.write.phone {
            addresses.push((person, (AddressKind::Phone, phone.as_str(), phone.as_str().to_owned())));
        }
    }
    addresses
}

/// Writes people's details.
pub(crate) async fn apply_details(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<()> {
    let now = cx.backend.now();
    for statement in [
        "INSERT INTO people (id, organisation_id, given_name, middle_name, family_name, preferred_name, born_on, language, search_key, sort_key, created_at, updated_at)
         SELECT id, $1, given_name, middle_name, family_name, preferred_name, born_on, language, search_key, sort_key, $2, $2
         FROM import_people WHERE is_new",
        "UPDATE people p SET given_name = i.given_name, middle_name = i.middle_name, family_name = i.family_name,
                preferred_name = i.preferred_name, born_on = i.born_on, language = i.language, search_key = i.search_key,
                sort_key = i.sort_key, updated_at = $2
         FROM import_people i WHERE NOT i.is_new AND p.organisation_id = $1 AND p.id = i.id",
    ] {
        sqlx::query(statement).bind(cx.school.organisation.0).bind(now).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Makes the file's addresses the primary ones, and keeps the others. If a person's primary email changes,
/// links and codes sent to the old one are revoked, what was opened with one of them ends, and the old address is
/// notified. Returns the accounts that ended.
pub(crate) async fn apply_addresses(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
) -> Result<Vec<(AccountId, PersonId)>> {
    let organisation = cx.school.organisation;
    let emailed: Vec<Uuid> = sqlx::query_scalar(
        "SELECT person_id FROM import_addresses WHERE kind = 'email' AND NOT of_new_person",
    )
    .fetch_all(&mut *connection)
    .await?;
    let before = EmailsBefore::of(connection, organisation, &emailed).await?;
    let left: Vec<(Uuid, String)> = sqlx::query_as(
        "SELECT m.id, i.comparable FROM import_addresses i JOIN addresses m ON m.person_id = i.person_id
         WHERE i.kind = 'email' AND NOT i.of_new_person AND m.organisation_id = $1 AND m.kind = 'email' AND m.is_primary",
    )
    .bind(organisation.0)
    .fetch_all(&mut *connection)
    .await?;
    let left: Vec<WrongAddress> = left
        .into_iter()
        .map(|(address, right)| WrongAddress { address: AddressId(address), right })
        .collect();
    let disowned = end_what_it_opened(cx.backend, connection, organisation, &left).await?;
    let left: Vec<AddressId> = left.into_iter().map(|left| left.address).collect();
    revoke_everything_sent_to(cx.backend, connection, organisation, &left).await?;
    sqlx::query(
        "UPDATE addresses a SET is_primary = false
         FROM import_addresses i
         WHERE NOT i.of_new_person AND a.organisation_id = $1 AND a.person_id = i.person_id AND a.kind = i.kind AND a.is_primary",
    )
    .bind(organisation.0)
    .execute(&mut *connection)
    .await?;
    let now = cx.backend.now();
    // New people have no addresses that could conflict.
    sqlx::query(
        "INSERT INTO addresses (id, organisation_id, person_id, kind, value, comparable, is_primary, created_at)
         SELECT id, $1, person_id, kind, value, comparable, true, $2 FROM import_addresses WHERE of_new_person",
    )
    .bind(organisation.0)
    .bind(now)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO addresses (id, organisation_id, person_id, kind, value, comparable, is_primary, created_at, chosen_by, chosen_at)
         SELECT id, $1, person_id, kind, value, comparable, true, $2, $3, $2 FROM import_addresses WHERE NOT of_new_person
         ON CONFLICT ON CONSTRAINT addresses_value_key DO UPDATE SET value = EXCLUDED.value, is_primary = true,
             chosen_by = CASE WHEN addresses.id = ANY($4) THEN addresses.chosen_by ELSE EXCLUDED.chosen_by END,
             chosen_at = CASE WHEN addresses.id = ANY($4) THEN addresses.chosen_at ELSE EXCLUDED.chosen_at END",
    )
    .bind(organisation.0)
    .bind(now)
    .bind(cx.actor.account().map(|account| account.0))
    .bind(left.iter().map(|left| left.0).collect::<Vec<_>>())
    .execute(&mut *connection)
    .await?;
    // What the file says now is no longer what somebody has changed by hand.
    sqlx::query(
        "DELETE FROM field_edits e USING import_addresses i
         WHERE e.organisation_id = $1 AND e.person_id = i.person_id AND e.field = i.kind",
    )
    .bind(organisation.0)
    .execute(&mut *connection)
    .await?;
    before.settle(cx.backend, connection, cx.actor).await?;
    Ok(disowned)
}
