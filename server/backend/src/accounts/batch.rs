//! One batch as it is now: shown after creating accounts, and whenever someone returns to it.

use std::collections::HashSet;

use domain::accounts::batch::{BATCH_ROWS, BatchAccount, BatchDetail, CreatedAccount};
use domain::accounts::username::Username;
use domain::authorization::actor::Actor;
use domain::authorization::policy::{Permission, Resource, decide};
use domain::credentials::state::AccountState;
use domain::credentials::status::AccountStatus;
use domain::ids::{AccountId, BatchId, PersonId, SchoolId};
use domain::roll::name::display_name;
use domain::roll::views::RollRow;
use sqlx::PgConnection;
use uuid::Uuid;

use super::batches;
use crate::roll::cache::rolls;
use crate::roll::entries::{AccountColumns, with_account};
use crate::tenancy::enter::Entered;
use crate::tenancy::places::SchoolContext;
use crate::tenancy::target::InSchool;
use crate::{Backend, Error, Result};

/// Returns the batch, its counts, and those of its accounts that the actor may see; accounts without an email
/// address come first. Somebody who may not see the whole school sees a batch only with accounts of theirs.
pub async fn batch(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    batch: BatchId,
) -> Result<BatchDetail> {
    let Entered { mut transaction, at: school } =
        backend.enter(actor, Permission::ViewAccounts, InSchool(school)).await?;
    let summary = batches::read(&mut transaction, &school, Some(batch), None)
        .await?
        .pop()
        .ok_or(Error::NotFound("batch"))?;
    let ids: HashSet<AccountId> =
        sqlx::query_scalar::<_, Uuid>("SELECT id FROM accounts WHERE organisation_id = $1 AND batch_id = $2")
            .bind(actor.organisation.0)
            .bind(batch.0)
            .fetch_all(&mut *transaction)
            .await?
            .into_iter()
            .map(AccountId)
            .collect();
    let mut others = staff(&mut transaction, actor, &school, batch).await?;
    others.extend(guardians(&mut transaction, &school, batch).await?);
    // The cached roll uses its own connection.
    drop(transaction);
    let roll = rolls(backend).seen_by(backend, actor, Permission::ViewAccounts, &school).await?;
    let rows =
        (0..roll.snapshot.len()).filter(|at| roll.snapshot.has_account(*at)).map(|at| roll.snapshot.row(at));
    let mut accounts = rows
        .filter(|row| row.account.as_ref().is_some_and(|account| ids.contains(&account.id)))
        .map(account)
        .collect::<Result<Vec<_>>>()?;
    accounts.extend(others);
    if accounts.is_empty() && !school.everybody() {
        return Err(Error::NotFound("batch"));
    }
    let of = |wanted: &dyn Fn(AccountState, AccountStatus) -> bool| {
        let now = backend.now();
        let invitable = accounts.iter().filter(|account| account.account.email.is_some());
        invitable.filter(|account| wanted(account.standing.state, account.status(now))).count()
    };
    let can_send = of(&|state, _| state == AccountState::Created);
    let waits = |status: AccountStatus| status == AccountStatus::Queued;
    let can_send_again = of(&|state, status| state == AccountState::Invited && !waits(status));
    let on_the_way = of(&|_, status| waits(status));
    let no_email = accounts.iter().filter(|account| account.account.email.is_none()).count();
    // Stable, so that both parts stay sorted by name.
    accounts.sort_by_key(|account| account.account.email.is_some());
    accounts.truncate(BATCH_ROWS);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(BatchDetail {
        summary,
        can_send: count(can_send),
        can_send_again: count(can_send_again),
        on_the_way: count(on_the_way),
        no_email: count(no_email),
        accounts,
    })
}

fn account(row: RollRow) -> Result<BatchAccount> {
    let account = row.account.ok_or(Error::NotFound("account"))?;
    Ok(BatchAccount {
        account: CreatedAccount {
            account: account.id,
            person: row.person,
            name: row.name,
            group: if row.group.is_empty() { row.year } else { row.group },
            admission_number: row.admission_number,
            username: account.username.parse::<Username>().map_err(Error::unexpected)?,
            email: row.email,
        },
        standing: account.standing,
        own_page: None,
    })
}

#[derive(sqlx::FromRow)]
struct OtherAccountRow {
    person_id: Uuid,
    given_name: String,
    family_name: String,
    preferred_name: String,
    staff_code: String,
    email: Option<String>,
    #[sqlx(flatten)]
    account: AccountColumns,
}

/// Reads the accounts of a batch that were created from the list of staff, for actors who may see the whole school.
async fn staff(
    connection: &mut PgConnection,
    actor: &Actor,
    school: &SchoolContext,
    batch: BatchId,
) -> Result<Vec<BatchAccount>> {
    let whole_school = Resource::School(actor.organisation, school.school);
    if decide(actor, Permission::ViewAccounts, whole_school).is_err() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query_as::<_, OtherAccountRow>(with_account!(
        "e.person_id, p.given_name, p.family_name, p.preferred_name, e.staff_code, m.value AS email",
        "FROM accounts a
         JOIN employments e ON e.person_id = a.person_id AND e.school_id = $2
         JOIN people p ON p.id = e.person_id
         LEFT JOIN addresses m ON m.person_id = e.person_id AND m.kind = 'email' AND m.is_primary
         LEFT JOIN invitations i ON i.account_id = a.id AND i.current
         LEFT JOIN messages sent ON sent.id = i.id
         WHERE a.organisation_id = $1 AND a.batch_id = $3 AND e.person_id <> ALL ($4)
           AND NOT EXISTS (SELECT FROM enrolments o WHERE o.person_id = e.person_id AND o.school_id = $2 AND o.latest)
         ORDER BY p.sort_key, e.id"
    ))
    .bind(actor.organisation.0)
    .bind(school.school.0)
    .bind(batch.0)
    .bind(school.hidden())
    .fetch_all(connection)
    .await?;
    rows.into_iter().filter_map(|row| row.account("Staff", "/staff").transpose()).collect()
}

/// Reads the accounts of a batch that were created from the list of guardians, of those whom the actor may see.
async fn guardians(
    connection: &mut PgConnection,
    school: &SchoolContext,
    batch: BatchId,
) -> Result<Vec<BatchAccount>> {
    let rows = sqlx::query_as::<_, OtherAccountRow>(with_account!(
        "p.id AS person_id, p.given_name, p.family_name, p.preferred_name, '' AS staff_code, m.value AS email",
        "FROM accounts a
         JOIN people p ON p.id = a.person_id
         LEFT JOIN addresses m ON m.person_id = p.id AND m.kind = 'email' AND m.is_primary
         LEFT JOIN invitations i ON i.account_id = a.id AND i.current
         LEFT JOIN messages sent ON sent.id = i.id
         WHERE a.organisation_id = $1 AND a.batch_id = $3 AND p.id <> ALL ($4)
           AND ($5 OR p.id IN (SELECT v.person_id FROM visible_people v))
           AND NOT EXISTS (SELECT FROM enrolments o WHERE o.person_id = p.id AND o.school_id = $2 AND o.latest)
           AND NOT EXISTS (SELECT FROM employments w WHERE w.person_id = p.id AND w.school_id = $2)
           AND EXISTS (SELECT FROM person_schools n WHERE n.person_id = p.id AND n.school_id = $2)
         ORDER BY p.sort_key, p.id"
    ))
    .bind(school.organisation.0)
    .bind(school.school.0)
    .bind(batch.0)
    .bind(school.hidden())
    .bind(school.everybody())
    .fetch_all(connection)
    .await?;
    rows.into_iter().filter_map(|row| row.account("Guardian", "/guardians").transpose()).collect()
}

impl OtherAccountRow {
    fn account(self, group: &str, pages: &str) -> Result<Option<BatchAccount>> {
        let Some(account) = self.account.account(self.email.is_some())? else { return Ok(None) };
        Ok(Some(BatchAccount {
            account: CreatedAccount {
                account: account.id,
                person: PersonId(self.person_id),
                name: display_name(&self.given_name, &self.family_name, &self.preferred_name),
                group: group.to_owned(),
                admission_number: self.staff_code,
                username: account.username.parse::<Username>().map_err(Error::unexpected)?,
                email: self.email,
            },
            standing: account.standing,
            own_page: Some(format!("{pages}/{}", self.person_id)),
        }))
    }
}
