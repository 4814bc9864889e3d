//! What the rows of a file about guardians are compared with: the students of the school, and the adults that a key, an
//! address, a phone number or a student of the file leads to.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use domain::fold::sort_key;
use domain::guardians::import::children::mentioned;
use domain::guardians::import::known::{Known, KnownAdult, KnownChild, KnownChildren};
use domain::guardians::import::row::{AdultSaid, FamilyRow};
use domain::ids::{PersonId, SchoolId};
use domain::roll::name::PersonName;
use futures_util::TryStreamExt as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::stored::{self, ContactRow};
use super::{GuardianList, logins};
use crate::imports::kind::Importing;
use crate::roll::import::people::{ImportPersonRow, KnownPeople};
use crate::tenancy::places::SchoolContext;
use crate::{Error, Result};

/// The name of the keys with which a school's system calls adults.
pub(super) fn series(school: &SchoolContext) -> String {
    school.school.to_string()
}

/// What a kind of list calls adults by, beside the keys of its sender.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    /// Usernames and email addresses too.
    by_login: bool,
    /// Logins, which become usernames.
    by_account: bool,
}

impl Asked {
    pub(super) fn of<K: GuardianList>() -> Self {
        Self { by_login: K::BY_LOGIN, by_account: K::MAKES_ACCOUNTS }
    }
}

/// [`AccountState::Closed`](domain::credentials::state::AccountState::Closed), as it is stored.
const CLOSED: &str = "closed";

/// Looks everything up, in a few statements whatever the number of rows.
pub(super) async fn of(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    (rows, asked): (&[&FamilyRow], Asked),
    children: KnownChildren,
) -> Result<Known> {
    // Who is gone belongs to nobody of the school.
    let of: Vec<PersonId> = if rows.iter().any(|row| row.is_gone) {
        children.people().collect()
    } else {
        mentioned(rows.iter().copied(), &children)
    };
    let of: Vec<Uuid> = of.iter().map(|child| child.0).collect();
    let logins = if asked.by_account { logins::of(cx, connection, rows).await? } else { HashMap::new() };
    let adults = adults(cx, connection, (rows, asked), &of).await?;
    let people: Vec<Uuid> = adults.iter().map(|adult| adult.person.person.0).collect();
    let (mut contacts, mut ended) = (HashMap::new(), HashMap::new());
    let mut stored = stored::contacts(cx, connection, &of);
    while let Some(row) = stored.try_next().await? {
        let pair = (PersonId(row.adult_id), PersonId(row.child_id));
        match ContactRow::ended_on(&row, cx) {
            Some(day) => {
                let last = ended.entry(pair).or_insert(day);
                *last = day.max(*last);
            }
            None => {
                contacts.insert(pair, row.known()?);
            }
        }
    }
    drop(stored);
    let restricted: HashSet<_> =
        stored::restricted(cx, connection, &of, &people).await?.into_iter().collect();
    Ok(Known { children, adults, contacts, ended, restricted, logins, by_address: asked.by_login })
}

#[derive(sqlx::FromRow)]
struct ChildRow {
    person_id: Uuid,
    admission_number: String,
    given_name: String,
    middle_name: String,
    family_name: String,
    preferred_name: String,
    born_on: Option<NaiveDate>,
    emails: Vec<String>,
    has_left: bool,
    account: Option<String>,
    account_state: Option<String>,
}

/// The students of the school whom the importer may see, with their email addresses if rows name them by these.
pub(super) async fn children(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    rows: &[&FamilyRow],
) -> Result<KnownChildren> {
    let emails = rows.iter().any(|row| row.child.email.is_some());
    // A number is never a username: it has no letter.
    let may_be_username = |number: &String| number.contains(char::is_alphabetic);
    let accounts = rows
        .iter()
        .any(|row| row.account_of_student.is_some() || row.children.parts.iter().any(may_be_username));
    let found = sqlx::query_as::<_, ChildRow>(
        "SELECT e.person_id, e.admission_number, p.given_name, p.middle_name, p.family_name, p.preferred_name, p.born_on,
                CASE WHEN $3 THEN ARRAY(SELECT a.comparable FROM addresses a WHERE a.person_id = p.id AND a.kind = 'email')
                     ELSE '{}' END AS emails,
                (e.ends_on < $4) IS TRUE AS has_left, c.username AS account, c.state AS account_state
         FROM enrolments e
         JOIN people p ON p.id = e.person_id
         JOIN visible_people v ON v.person_id = p.id
         LEFT JOIN accounts c ON $5 AND c.organisation_id = $1 AND c.person_id = p.id
         WHERE e.organisation_id = $1 AND e.school_id = $2 AND e.latest",
    )
    .bind(cx.school.organisation.0)
    .bind(cx.school.school.0)
    .bind(emails)
    .bind(cx.day)
    .bind(accounts)
    .fetch_all(connection)
    .await?;
    let child = |row: ChildRow| {
        let name = PersonName::new(&row.given_name, &row.middle_name, &row.family_name, &row.preferred_name);
        Ok(KnownChild {
            person: PersonId(row.person_id),
            number: row.admission_number,
            name: name.map_err(Error::unexpected)?,
            born_on: row.born_on,
            emails: row.emails,
            has_closed_account: row.account_state.as_deref() == Some(CLOSED),
            account: row.account.filter(|_| row.account_state.as_deref() != Some(CLOSED)),
            has_left: row.has_left,
        })
    };
    found.into_iter().map(child).collect()
}

#[derive(sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column")]
struct AdultRow {
    #[sqlx(flatten)]
    person: ImportPersonRow,
    title: String,
    keys: Vec<String>,
    usernames: Vec<String>,
    has_closed_account: bool,
    emails: Vec<String>,
    phones: Vec<String>,
    lines: Option<String>,
    postcode: Option<String>,
    is_student: bool,
    works_here: bool,
    is_reached: bool,
    schools: Vec<Uuid>,
}

/// The adults that rows may be about.
async fn adults(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    (rows, asked): (&[&FamilyRow], Asked),
    children: &[Uuid],
) -> Result<Vec<KnownAdult>> {
    let ids = candidates(cx, connection, (rows, asked), children).await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    if cx.locks {
        sqlx::query("SELECT FROM people WHERE organisation_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE")
            .bind(cx.school.organisation.0)
            .bind(&ids)
            .execute(&mut *connection)
            .await?;
    }
    let people = KnownPeople::of(cx, connection).await?;
    let mut found = sqlx::query_as::<_, AdultRow>(
        "SELECT p.id AS person_id, p.given_name, p.middle_name, p.family_name, p.preferred_name, p.born_on, p.language, p.title,
                m.email, m.phone, c.username AS account, coalesce(m.emails, '{}') AS emails, coalesce(m.phones, '{}') AS phones,
                coalesce(k.keys, '{}') AS keys, h.lines, h.postcode,
                EXISTS (SELECT FROM enrolments e WHERE e.person_id = p.id AND e.latest AND (e.ends_on IS NULL OR e.ends_on >= $5))
                    AS is_student,
                EXISTS (SELECT FROM employments w WHERE w.person_id = p.id AND w.school_id = $3
                                                    AND (w.ends_on IS NULL OR w.ends_on >= $5)) AS works_here,
                p.id IN (SELECT v.person_id FROM visible_people v WHERE v.person_id = ANY($2)) AS is_reached,
                CASE WHEN $6 THEN ARRAY(SELECT u.username FROM usernames u WHERE u.organisation_id = $1 AND u.person_id = p.id)
                     ELSE '{}' END AS usernames,
                $7 AND EXISTS (SELECT FROM accounts o WHERE o.organisation_id = $1 AND o.person_id = p.id AND o.state = 'closed')
                    AS has_closed_account,
                CASE WHEN c.username IS NULL THEN '{}'
                     ELSE ARRAY(SELECT s.school_id FROM person_schools s WHERE s.person_id = p.id) END AS schools
         FROM people p
         LEFT JOIN (SELECT a.person_id, max(a.value) FILTER (WHERE a.kind = 'email' AND a.is_primary) AS email,
                           max(a.value) FILTER (WHERE a.kind = 'phone' AND a.is_primary) AS phone,
                           array_agg(a.comparable) FILTER (WHERE a.kind = 'email') AS emails,
                           array_agg(a.comparable) FILTER (WHERE a.kind = 'phone') AS phones
                    FROM addresses a WHERE a.person_id = ANY($2) GROUP BY a.person_id) m ON m.person_id = p.id
         LEFT JOIN (SELECT k.person_id, array_agg(k.value) AS keys FROM person_keys k
                    WHERE k.organisation_id = $1 AND k.person_id = ANY($2) AND k.series = $4 GROUP BY k.person_id) k ON k.person_id = p.id
         LEFT JOIN postal_addresses h ON h.person_id = p.id
         LEFT JOIN accounts c ON c.organisation_id = $1 AND c.person_id = p.id AND c.state <> 'closed'
         WHERE p.organisation_id = $1 AND p.id = ANY($2) AND p.merged_into IS NULL",
    )
    .bind(cx.school.organisation.0)
    .bind(&ids)
    .bind(cx.school.school.0)
    .bind(series(cx.school))
    .bind(cx.day)
    .bind(asked.by_login)
    .bind(asked.by_account)
    .fetch(connection);
    let adult = |row: AdultRow| -> Result<KnownAdult> {
        let mut keys = row.keys;
        keys.extend(row.usernames);
        let schools: Vec<SchoolId> = row.schools.into_iter().map(SchoolId).collect();
        Ok(KnownAdult {
            person: row.person.current(cx, &people, &schools)?,
            title: row.title,
            keys,
            has_closed_account: row.has_closed_account,
            emails: row.emails,
            phones: row.phones,
            postal: row.lines.map(|lines| (lines, row.postcode.unwrap_or_default())),
            is_student: row.is_student,
            works_here: row.works_here,
            is_reached: row.is_reached,
        })
    };
    // One by one as they come: all rows beside all adults would be half of what a long file needs.
    let mut adults = Vec::with_capacity(ids.len());
    while let Some(row) = found.try_next().await? {
        adults.push(adult(row)?);
    }
    // Here, so that the database may join them in any order.
    adults.sort_unstable_by_key(|adult| adult.person.person);
    Ok(adults)
}

/// The names of adults of whom rows have no more, as people are sorted by them.
fn bare_names(rows: &[&FamilyRow]) -> Vec<String> {
    let alone = rows.iter().filter(|row| row.children.parts.is_empty() && row.child.email.is_none());
    let said = alone.flat_map(|row| &row.adults).filter(|said| said.keys().next().is_none());
    let bare = said.filter_map(|said| said.person.as_ref());
    let bare = bare.filter(|person| person.email.value().is_none() && person.phone.value().is_none());
    let part = |part: Option<&String>| part.map(String::as_str).unwrap_or_default().to_owned();
    bare.map(|person| sort_key(&part(person.given.value()), &part(person.family.value()))).collect()
}

/// The people whom a key, an address, a phone number or a child of the file leads to, and the staff of the school.
async fn candidates(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    (rows, asked): (&[&FamilyRow], Asked),
    children: &[Uuid],
) -> Result<Vec<Uuid>> {
    let said = || rows.iter().flat_map(|row| &row.adults);
    let people = || said().filter_map(|said| said.person.as_ref());
    let distinct = |mut texts: Vec<String>| {
        texts.sort_unstable();
        texts.dedup();
        texts
    };
    let keys = said().flat_map(AdultSaid::keys).flat_map(|key| [key.to_owned(), key.to_lowercase()]);
    let keys = distinct(keys.collect());
    let as_login: &[String] = if asked.by_login { &keys } else { &[] };
    let emails = people().filter_map(|person| Some(person.email.value()?.comparable()));
    let emails = distinct(emails.chain(as_login.iter().cloned()).collect());
    let usernames = if asked.by_account { logins::usernames(rows) } else { as_login.to_vec() };
    let phones =
        distinct(people().filter_map(|person| Some(person.phone.value()?.as_str().to_owned())).collect());
    let names = distinct(bare_names(rows));
    let found = sqlx::query_scalar::<_, Uuid>(
        "SELECT k.person_id FROM unnest($3::text[]) AS asked (key)
         JOIN person_keys k ON k.organisation_id = $1 AND k.series = $2 AND k.comparable = asked.key
         UNION
         SELECT a.person_id FROM unnest($4::text[]) AS asked (email)
         JOIN addresses a ON a.organisation_id = $1 AND a.comparable = asked.email AND a.kind = 'email'
         UNION
         SELECT a.person_id FROM unnest($5::text[]) AS asked (phone)
         JOIN addresses a ON a.organisation_id = $1 AND a.comparable = asked.phone AND a.kind = 'phone'
         UNION
         SELECT c.adult_id FROM unnest($6::uuid[]) AS asked (child) JOIN contacts c ON c.child_id = asked.child
         UNION
         SELECT w.person_id FROM employments w
         WHERE w.organisation_id = $1 AND w.school_id = $7 AND (w.ends_on IS NULL OR w.ends_on >= $8)
         UNION
         SELECT u.person_id FROM unnest($9::text[]) AS asked (username)
         JOIN usernames u ON u.organisation_id = $1 AND u.username = asked.username
         UNION
         SELECT p.id FROM unnest($10::text[]) AS asked (name)
         JOIN people p ON p.organisation_id = $1 AND p.sort_key = asked.name
         WHERE cardinality($10::text[]) > 0",
    )
    .bind(cx.school.organisation.0)
    .bind(series(cx.school))
    .bind(keys)
    .bind(emails)
    .bind(phones)
    .bind(children)
    .bind(cx.school.school.0)
    .bind(cx.day)
    .bind(usernames)
    .bind(names)
    .fetch_all(connection)
    .await?;
    Ok(found)
}
