//! The days on which an account can be used, chosen by staff.

use chrono::NaiveDate;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{OrganisationId, PersonId};
use domain::school_year::validity::{ValidDays, sentence};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::audit::{AuditEntry, record};
use crate::authorization::roles::{
    ensure_administrator_stays, has_lasting_administrator, lock_roles, refuse_outranked,
};
use crate::credentials::revoke::revoke_all;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::Person;
use crate::{Backend, Error, Result};

/// The days of one account, for its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountDays {
    /// Those that staff chose.
    pub chosen: ValidDays,
    /// The day that the roll lets it wait for.
    pub opens_on: Option<NaiveDate>,
    /// Whether it can be used today.
    pub is_valid: bool,
}

#[derive(sqlx::FromRow)]
struct AccountDaysRow {
    id: Uuid,
    valid_from: Option<NaiveDate>,
    valid_until: Option<NaiveDate>,
    roll_opens_on: Option<NaiveDate>,
    is_valid: bool,
}

/// Returns the days of a person's account; `None` if they have none.
pub async fn days(backend: &Backend, actor: &Actor, person: PersonId) -> Result<Option<AccountDays>> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ViewAccounts, Person(person)).await?;
    of_person(backend, &mut transaction, at.organisation, person).await
}

/// The same in a transaction that was entered for the person.
pub(crate) async fn of_person(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<Option<AccountDays>> {
    read(backend, connection, organisation, person).await?.map(AccountDaysRow::days).transpose()
}

impl AccountDays {
    /// What holds, in a sentence.
    pub fn sentence(&self) -> String {
        sentence(self.chosen, self.opens_on, self.is_valid)
    }
}

impl AccountDaysRow {
    fn days(self) -> Result<AccountDays> {
        let chosen = ValidDays::new(self.valid_from, self.valid_until).map_err(Error::unexpected)?;
        Ok(AccountDays { chosen, opens_on: self.roll_opens_on, is_valid: self.is_valid })
    }
}

async fn read(
    backend: &Backend,
    connection: &mut PgConnection,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<Option<AccountDaysRow>> {
    Ok(sqlx::query_as::<_, AccountDaysRow>(
        "SELECT a.id, a.valid_from, a.valid_until, a.roll_opens_on, account_is_valid(a, $3) AS is_valid
         FROM accounts a WHERE a.organisation_id = $1 AND a.person_id = $2",
    )
    .bind(organisation.0)
    .bind(person.0)
    .bind(backend.now())
    .fetch_optional(connection)
    .await?)
}

/// Sets the days of a person's account. If it cannot be used today, they are signed out at once.
///
/// # Errors
/// Refused for their own account and for people with more permissions; a conflict if nobody were left who administers.
#[tracing::instrument(skip_all, fields(person = %person))]
pub async fn set_days(backend: &Backend, actor: &Actor, person: PersonId, days: ValidDays) -> Result<()> {
    let Entered { mut transaction, at } =
        backend.enter(actor, Permission::ManageAccounts, Person(person)).await?;
    if actor.person() == Some(person) {
        return Err(Error::conflict(
            "own_account",
            "This is your own account. Ask someone else to change its days.",
        ));
    }
    lock_roles(&mut transaction, at.organisation).await?;
    // Of two changes at once, the second sees the first.
    sqlx::query("SELECT FROM accounts WHERE organisation_id = $1 AND person_id = $2 FOR UPDATE")
        .bind(at.organisation.0)
        .bind(person.0)
        .execute(&mut *transaction)
        .await?;
    let mut transaction =
        refuse_outranked(backend, transaction, actor, Permission::ManageAccounts, person).await?;
    let account =
        read(backend, &mut transaction, at.organisation, person).await?.ok_or(Error::NotFound("account"))?;
    if (account.valid_from, account.valid_until) == (days.first(), days.last()) {
        return Ok(());
    }
    let had_administrator = has_lasting_administrator(backend, &mut transaction, at.organisation).await?;
    sqlx::query(
        "UPDATE accounts SET valid_from = $3, valid_until = $4 WHERE organisation_id = $1 AND id = $2",
    )
    .bind(at.organisation.0)
    .bind(account.id)
    .bind(days.first())
    .bind(days.last())
    .execute(&mut *transaction)
    .await?;
    if !days.cover(at.today) {
        revoke_all(backend, &mut transaction, at.organisation, &[account.id], None).await?;
    }
    ensure_administrator_stays(backend, &mut transaction, at.organisation, had_administrator).await?;
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let entry = AuditEntry::new(AuditAction::ValidityChanged)
        .person(person)
        .subject("account", account.id)
        .details(json!({ "from": day(days.first()), "until": day(days.last()) }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
