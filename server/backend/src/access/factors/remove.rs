//! Taking second factors away: one's own with password and code, another's by whoever manages portal access.

use domain::access::actor::Actor;
use domain::access::factors::Judged;
use domain::access::policy::{Permission, Resource};
use domain::audit::AuditAction;
use domain::ids::{AccountId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::changed::{Change, changed_by_staff, changed_own};
use super::check::judge;
use super::held::held;
use super::prove::judge_password;
use crate::access::roles::refuse_beyond;
use crate::access::session::SignedIn;
use crate::access::visitor::Visitor;
use crate::roll::schools::reach_person;
use crate::{Backend, Error, Result};

/// How a try to take one's own away ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removal {
    /// It is gone. What the browser is known by from now on.
    Removed(String),
    /// The password is another one.
    WrongPassword,
    /// The code is another one, or was used already.
    WrongCode,
    /// Too many tries.
    Slowed,
}

/// Takes the app of whoever asks away. Recovery codes go with the last factor that they stand in for.
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn remove_app(
    backend: &Backend,
    who: &SignedIn,
    visitor: &Visitor,
    password: &str,
    code: &str,
) -> Result<Removal> {
    let organisation = who.actor.organisation;
    backend.allow(&who.actor, Permission::OwnPortal, Resource::Person(organisation, who.person))?;
    // The password first: a wrong one uses up no code.
    match judge_password(backend, who, password).await? {
        Judged::Right => {}
        Judged::Wrong => return Ok(Removal::WrongPassword),
        Judged::Slowed => return Ok(Removal::Slowed),
    }
    match judge(backend, organisation, who.account, code).await? {
        Judged::Right => {}
        Judged::Wrong => return Ok(Removal::WrongCode),
        Judged::Slowed => return Ok(Removal::Slowed),
    }
    let mut transaction = backend.within(organisation).await?;
    remove_apps(&mut transaction, who.account).await?;
    if !held(&mut transaction, organisation, who.account).await?.any() {
        forget_recovery_codes(&mut transaction, who.account).await?;
    }
    let action = AuditAction::SecondFactorRemoved;
    let device = changed_own(backend, &mut transaction, who, visitor, action, "app").await?;
    transaction.commit().await?;
    Ok(Removal::Removed(device))
}

async fn remove_apps(connection: &mut PgConnection, account: AccountId) -> Result<()> {
    sqlx::query("DELETE FROM authenticators WHERE account_id = $1")
        .bind(account.0)
        .execute(connection)
        .await?;
    Ok(())
}

async fn forget_recovery_codes(connection: &mut PgConnection, account: AccountId) -> Result<()> {
    sqlx::query("DELETE FROM recovery_codes WHERE account_id = $1")
        .bind(account.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes all second factors of a person away who has lost them, and ends their sessions: the password alone lets them
/// in again, and staff whose days are over set up new ones at once.
#[tracing::instrument(skip_all, fields(person = %person))]
pub async fn remove_of_person(backend: &Backend, actor: &Actor, person: PersonId) -> Result<()> {
    backend.allow(actor, Permission::ManageAccounts, Resource::AnySchool(actor.organisation))?;
    reach_person(backend, actor, Permission::ManageAccounts, person).await?;
    if actor.person() == Some(person) {
        return Err(Error::conflict(
            "own_factor",
            "Take your own second factors away on your security page, with your password and a code.",
        ));
    }
    let mut transaction = backend.within(actor.organisation).await?;
    let account: Option<Uuid> = sqlx::query_scalar(
        "SELECT id FROM accounts WHERE organisation_id = $1 AND person_id = $2 FOR UPDATE",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .fetch_optional(&mut *transaction)
    .await?;
    let account = AccountId(account.ok_or(Error::NotFound("account"))?);
    // It would be half a way to their rights.
    refuse_beyond(backend, &mut transaction, actor, person).await?;
    if !held(&mut transaction, actor.organisation, account).await?.any() {
        return Err(Error::conflict("no_factor", "There is no second factor to take away."));
    }
    remove_apps(&mut transaction, account).await?;
    forget_recovery_codes(&mut transaction, account).await?;
    let action = AuditAction::SecondFactorRemoved;
    let change = Change { account, person, action, factor: "all" };
    changed_by_staff(backend, &mut transaction, actor, change).await?;
    transaction.commit().await?;
    Ok(())
}
