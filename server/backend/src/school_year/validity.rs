//! The days on which an account can be used, chosen by staff.

use chrono::NaiveDate;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{OrganisationId, PersonId, SchoolId};
use domain::school_year::validity::{ValidDays, sentence};
use serde_json::json;
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use crate::audit::{AuditEntry, record};
use crate::authorization::roles::{
    ensure_administrator_stays, has_lasting_administrator, lock_roles, refuse_outranked,
};
use crate::credentials::revoke::revoke_all;
use crate::staff::employed::staff_of;
use crate::tenancy::enter::Entered;
use crate::tenancy::target::{Person, School};
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

/// Whose days they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DaysOf {
    /// Somebody with a record: a student or a guardian.
    Person(PersonId),
    /// A member of staff of a school.
    Staff(SchoolId, PersonId),
}

impl DaysOf {
    fn person(self) -> PersonId {
        match self {
            Self::Person(person) | Self::Staff(_, person) => person,
        }
    }

    /// Opens a transaction for this person, and returns what day it is where they are.
    async fn enter(
        self,
        backend: &Backend,
        actor: &Actor,
        permission: Permission,
    ) -> Result<(Transaction<'static, Postgres>, NaiveDate)> {
        match self {
            Self::Person(person) => {
                let Entered { transaction, at } = backend.enter(actor, permission, Person(person)).await?;
                Ok((transaction, at.today))
            }
            Self::Staff(school, person) => {
                let Entered { mut transaction, at } =
                    backend.enter(actor, permission, School(school)).await?;
                if staff_of(&mut transaction, &at, &[person]).await?.is_empty() {
                    return Err(Error::NotFound("member of staff"));
                }
                Ok((transaction, at.today))
            }
        }
    }
}

/// Returns the days of a person's account; `None` if they have none.
pub async fn days(backend: &Backend, actor: &Actor, whose: DaysOf) -> Result<Option<AccountDays>> {
    let (mut transaction, _) = whose.enter(backend, actor, Permission::ViewAccounts).await?;
    of_person(backend, &mut transaction, actor.organisation, whose.person()).await
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
#[tracing::instrument(skip_all, fields(person = %whose.person()))]
pub async fn set_days(backend: &Backend, actor: &Actor, whose: DaysOf, days: ValidDays) -> Result<()> {
    let (mut transaction, today) = whose.enter(backend, actor, Permission::ManageAccounts).await?;
    let (organisation, person) = (actor.organisation, whose.person());
    if actor.person() == Some(person) {
        return Err(Error::conflict(
            "own_account",
            "This is your own account. Ask someone else to change its days.",
        ));
    }
    lock_roles(&mut transaction, organisation).await?;
    // Of two changes at once, the second sees the first.
    sqlx::query("SELECT FROM accounts WHERE organisation_id = $1 AND person_id = $2 FOR UPDATE")
        .bind(organisation.0)
        .bind(person.0)
        .execute(&mut *transaction)
        .await?;
    let mut transaction =
        refuse_outranked(backend, transaction, actor, Permission::ManageAccounts, person).await?;
    let account =
        read(backend, &mut transaction, organisation, person).await?.ok_or(Error::NotFound("account"))?;
    if (account.valid_from, account.valid_until) == (days.first(), days.last()) {
        return Ok(());
    }
    let had_administrator = has_lasting_administrator(backend, &mut transaction, organisation).await?;
    sqlx::query(
        "UPDATE accounts SET valid_from = $3, valid_until = $4 WHERE organisation_id = $1 AND id = $2",
    )
    .bind(organisation.0)
    .bind(account.id)
    .bind(days.first())
    .bind(days.last())
    .execute(&mut *transaction)
    .await?;
    if !days.cover(today) {
        revoke_all(backend, &mut transaction, organisation, &[account.id], None).await?;
    }
    ensure_administrator_stays(backend, &mut transaction, organisation, had_administrator).await?;
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let entry = AuditEntry::new(AuditAction::ValidityChanged)
        .person(person)
        .subject("account", account.id)
        .details(json!({ "from": day(days.first()), "until": day(days.last()) }));
    record(backend, &mut transaction, actor, entry).await?;
    transaction.commit().await?;
    Ok(())
}
