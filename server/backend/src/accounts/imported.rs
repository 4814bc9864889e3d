//! Accounts that a file makes: planned by the same engine as all others, for people who may not be stored yet, and written
//! with the people of the file.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike as _, NaiveDate};
use domain::accounts::clash::ClashCandidates;
use domain::accounts::naming::{Candidate, Naming};
use domain::accounts::parts::{NameParts, RomanPart};
use domain::accounts::plan::{AccountPlan, PlanRow};
use domain::accounts::settings::{GUARDIAN_USERNAME_TEMPLATE, USERNAME_TEMPLATE};
use domain::accounts::taken::TakenBy;
use domain::accounts::username::Username;
use domain::credentials::state::AccountState;
use domain::fold::sort_key;
use domain::ids::{AccountId, OrganisationId, PersonId};
use domain::roll::name::PersonName;
use sqlx::PgConnection;
use uuid::Uuid;

use super::queries::{lock_usernames, off_the_executor};
use super::taken::taken;
use super::writing::met_another;
use crate::db::copy_rows;
use crate::imports::kind::Importing;
use crate::imports::written::WrittenTable;
use crate::operations::second_person::makes_too_many;
use crate::roll::schools::SchoolContext;
use crate::settings::of_school;
use crate::{Error, Result};

/// The accounts of a plan.
pub(crate) const GATHER_ACCOUNTS: &str =
    "CREATE TEMPORARY TABLE import_accounts (id uuid, person_id uuid, username text) ON COMMIT DROP";

/// Usernames that accounts leave behind: those of accounts that an undo removes go with them, so that it leaves nothing.
pub(crate) const USERNAMES: WrittenTable = WrittenTable {
    before: "INSERT INTO import_before (kind, id, person_id, before)
             SELECT 'username', i.id, i.person_id, jsonb_build_object('kept', EXISTS (
                 SELECT FROM former_usernames f WHERE f.organisation_id = $1 AND f.username = i.username))
             FROM import_accounts i",
    after: "INSERT INTO import_writes (organisation_id, import_id, kind, id, person_id, before, left_as)
            SELECT $1::uuid, $2::uuid, 'username', b.id, b.person_id, b.before || jsonb_build_object('username', i.username),
                   hashtextextended(i.username, 0)
            FROM import_before b JOIN import_accounts i ON i.id = b.id WHERE b.kind = 'username'",
    remove: "DELETE FROM former_usernames f USING import_writes w
             WHERE f.organisation_id = $1 AND w.import_id = $2 AND w.kind = 'username' AND f.person_id = w.person_id
               AND f.username = w.before ->> 'username' AND NOT (w.before ->> 'kept')::boolean",
    restore: &[],
};

/// The accounts themselves.
pub(crate) const ACCOUNTS: WrittenTable = WrittenTable {
    before: "INSERT INTO import_before (kind, id, person_id, before)
             SELECT 'account', a.id, a.person_id, to_jsonb(a) FROM import_accounts i JOIN accounts a ON a.id = i.id
             WHERE a.organisation_id = $1",
    after: "INSERT INTO import_writes (organisation_id, import_id, kind, id, person_id, before, left_as)
            SELECT $1::uuid, $2::uuid, 'account', a.id, a.person_id, NULL, hashtextextended(a.username || ' ' || a.state, 0)
            FROM import_accounts i JOIN accounts a ON a.id = i.id",
    remove: "DELETE FROM accounts WHERE organisation_id = $1
               AND id IN (SELECT id FROM import_writes WHERE import_id = $2 AND kind = 'account' AND before IS NULL)",
    restore: &[],
};

/// Somebody who gets an account.
pub(crate) struct NewHolder {
    /// The person, or an identifier for somebody who is not stored yet.
    pub(crate) person: PersonId,
    /// Their name.
    pub(crate) name: PersonName,
    /// Their number at the school, if they have one.
    pub(crate) number: String,
    /// The username in the file; none if one is made by the school's pattern.
    pub(crate) login: Option<Username>,
}

/// Blocks everyone else who creates usernames: see [`lock_usernames`].
pub(crate) async fn lock(connection: &mut PgConnection, organisation: OrganisationId) -> Result<()> {
    lock_usernames(connection, organisation).await
}

/// Plans the accounts of guardians, then those of students, who get no username of the former. Writes nothing.
pub(crate) async fn plan(
    connection: &mut PgConnection,
    school: &SchoolContext,
    day: NaiveDate,
    (guardians, students): (Vec<NewHolder>, Vec<NewHolder>),
) -> Result<Vec<PlanRow>> {
    let mut all: Vec<PlanRow> = Vec::new();
    for (holders, setting) in [(guardians, &GUARDIAN_USERNAME_TEMPLATE), (students, &USERNAME_TEMPLATE)] {
        if holders.is_empty() {
            continue;
        }
        let template = of_school(connection, school.organisation, school.school, setting).await?;
        let typed: BTreeMap<PersonId, String> = holders
            .iter()
            .filter_map(|holder| Some((holder.person, holder.login.as_ref()?.as_str().to_owned())))
            .collect();
        let naming = Naming { template, typed, ..Naming::default() };
        let mut former = former(connection, school.organisation, &holders).await?;
        let people: Vec<Candidate> = holders
            .into_iter()
            .map(|holder| {
                let reserved = former.remove(&holder.person).unwrap_or_default();
                candidate(holder, reserved, day)
            })
            .collect();
        let mut held = taken(connection, school, ClashCandidates::of(&naming, &people)).await?;
        let planned = all.iter().filter_map(|row| Some((row.username()?.as_str().to_owned(), row.who())));
        held.extend(planned.map(|(username, who)| (username, TakenBy::Plan(who))));
        all.extend(off_the_executor(move || AccountPlan::make(&naming, &people, &held)).await?.rows);
    }
    Ok(all)
}

fn candidate(holder: NewHolder, reserved: Vec<Username>, day: NaiveDate) -> Candidate {
    let name = &holder.name;
    Candidate {
        person: holder.person,
        name: name.full(),
        group: String::new(),
        sort_key: sort_key(name.given(), name.family()),
        parts: NameParts {
            given: RomanPart::new(name.given()),
            family: RomanPart::new(name.family()),
            preferred: RomanPart::new(name.preferred()),
            middle: RomanPart::new(name.middle()),
            admission: RomanPart::new(&holder.number),
            entry_year: u16::try_from(day.year()).unwrap_or_default(),
        },
        admission_number: holder.number,
        reserved,
        account: None,
    }
}

/// The usernames that these people had before.
async fn former(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    holders: &[NewHolder],
) -> Result<HashMap<PersonId, Vec<Username>>> {
    let rows: Vec<(Uuid, String)> = sqlx::query_as(
        "SELECT person_id, username FROM former_usernames
         WHERE organisation_id = $1 AND person_id = ANY($2)
         ORDER BY coalesce(replaced_at, created_at) DESC, username",
    )
    .bind(organisation.0)
    .bind(holders.iter().map(|holder| holder.person.0).collect::<Vec<_>>())
    .fetch_all(connection)
    .await?;
    let mut former: HashMap<PersonId, Vec<Username>> = HashMap::new();
    for (person, username) in rows {
        former.entry(PersonId(person)).or_default().push(username.try_into().map_err(Error::unexpected)?);
    }
    Ok(former)
}

/// Gathers the accounts of a plan.
pub(crate) async fn gather(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    accounts: Vec<(PersonId, &Username)>,
) -> Result<()> {
    copy_rows(
        connection,
        "COPY import_accounts (id, person_id, username) FROM STDIN",
        accounts,
        |line, (person, username)| {
            line.plain(cx.backend.new_id::<AccountId>()).plain(person).text(username.as_str());
        },
    )
    .await?;
    Ok(())
}

/// Whether the gathered accounts are more than this person may make without a second one.
pub(crate) async fn exceeds_limit(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<bool> {
    let accounts: i64 =
        sqlx::query_scalar("SELECT count(*) FROM import_accounts").fetch_one(&mut *connection).await?;
    makes_too_many(cx.backend, connection, cx.actor, usize::try_from(accounts).unwrap_or(usize::MAX)).await
}

/// Creates the gathered accounts. Their people are stored already.
pub(crate) async fn insert(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<()> {
    sqlx::query(
        "INSERT INTO accounts (id, organisation_id, person_id, username, state, batch_id, created_at)
         SELECT id, $1, person_id, username, $2, $3, $4 FROM import_accounts",
    )
    .bind(cx.school.organisation.0)
    .bind(AccountState::Created.stored())
    .bind(cx.operation.map(|operation| operation.0))
    .bind(cx.backend.now())
    .execute(connection)
    .await
    .map_err(met_another)?;
    Ok(())
}
