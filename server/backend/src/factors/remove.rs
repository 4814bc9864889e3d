//! Removing second factors: your own with password and code, another person's by staff who manage portal
//! access.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::factors::{PresentedFactor, ProofOutcome};
use domain::ids::{AccountId, OrganisationId, PasskeyId, PersonId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::changed::{FactorChange, changed_by_staff, changed_own};
use super::check::judge;
use super::step_up::{has_one, judge_password};
use crate::audit::alerts;
use crate::authorization::roles::refuse_outranked;
use crate::credentials::factors::of_account;
use crate::credentials::resting::{note_reset, staff_reset};
use crate::operations::second_person::ways_in_over;
use crate::sessions::session::SignedIn;
use crate::sessions::visitor::Visitor;
use crate::tenancy::target::{Own, Person};
use crate::{Backend, Error, Result};

/// How an attempt to remove your own ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemoveFactorOutcome {
    /// It was removed. Contains the new cookie by which the browser is recognised.
    Removed(String),
    /// The password is wrong.
    WrongPassword,
    /// The code is wrong, or was already used.
    WrongCode,
    /// The code is that of a time a few minutes away: the clock of the phone is off.
    ClockOff,
    /// Too many attempts.
    Slowed,
}

/// Which factor to remove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorToRemove {
    /// The authenticator app.
    App,
    /// This passkey.
    Passkey(PasskeyId),
}

/// Removes one factor of the signed-in person. Recovery codes are removed with the last factor.
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn remove_own(
    backend: &Backend,
    who: &SignedIn,
    visitor: &Visitor,
    which: FactorToRemove,
    password: &str,
    shown: &PresentedFactor,
) -> Result<RemoveFactorOutcome> {
    let organisation = who.actor.organisation;
    // Check the password first, if there is one: a wrong one uses up no code.
    if has_one(backend, who).await? {
        match judge_password(backend, who, password).await? {
            ProofOutcome::Right => {}
            ProofOutcome::Wrong | ProofOutcome::ClockOff => return Ok(RemoveFactorOutcome::WrongPassword),
            ProofOutcome::Slowed => return Ok(RemoveFactorOutcome::Slowed),
        }
    }
    match judge(backend, organisation, who.account, shown).await? {
        ProofOutcome::Right => {}
        ProofOutcome::Wrong => return Ok(RemoveFactorOutcome::WrongCode),
        ProofOutcome::ClockOff => return Ok(RemoveFactorOutcome::ClockOff),
        ProofOutcome::Slowed => return Ok(RemoveFactorOutcome::Slowed),
    }
    let mut transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    let factor = match which {
        FactorToRemove::App => {
            remove_apps(&mut transaction, organisation, who.account).await?;
            "app"
        }
        FactorToRemove::Passkey(id) => {
            if remove_passkeys(&mut transaction, organisation, who.account, Some(id)).await? == 0 {
                return Err(Error::NotFound("passkey"));
            }
            "passkey"
        }
    };
    if !of_account(&mut transaction, organisation, who.account).await?.any() {
        forget_recovery_codes(&mut transaction, organisation, who.account).await?;
    }
    let action = AuditAction::SecondFactorRemoved;
    let device = changed_own(backend, &mut transaction, who, visitor, action, factor).await?;
    transaction.commit().await?;
    Ok(RemoveFactorOutcome::Removed(device))
}

async fn remove_apps(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
) -> Result<()> {
    sqlx::query("DELETE FROM authenticators WHERE organisation_id = $1 AND account_id = $2")
        .bind(organisation.0)
        .bind(account.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes one or all passkeys, and returns how many there were.
async fn remove_passkeys(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
    only: Option<PasskeyId>,
) -> Result<u64> {
    let removed = sqlx::query(
        "DELETE FROM passkeys WHERE organisation_id = $1 AND account_id = $2 AND ($3::uuid IS NULL OR id = $3)",
    )
    .bind(organisation.0)
    .bind(account.0)
    .bind(only.map(|only| only.0))
    .execute(connection)
    .await?;
    Ok(removed.rows_affected())
}

async fn forget_recovery_codes(
    connection: &mut PgConnection,
    organisation: OrganisationId,
    account: AccountId,
) -> Result<()> {
    sqlx::query("DELETE FROM recovery_codes WHERE organisation_id = $1 AND account_id = $2")
        .bind(organisation.0)
        .bind(account.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes all second factors of a person who has lost them, and ends their sessions. They can then sign in
/// with the password alone, and staff whose grace period is over must set up new factors at once.
#[tracing::instrument(skip_all, fields(person = %person))]
pub async fn remove_of_person(backend: &Backend, actor: &Actor, person: PersonId) -> Result<()> {
    let mut transaction = backend.enter(actor, Permission::ManageAccounts, Person(person)).await?.transaction;
    if actor.person() == Some(person) {
        return Err(Error::conflict(
            "own_factor",
            "Remove your own second factors on your security page, with your password and a code.",
        ));
    }
    let account: Option<Uuid> = sqlx::query_scalar(
        "SELECT id FROM accounts WHERE organisation_id = $1 AND person_id = $2 FOR UPDATE",
    )
    .bind(actor.organisation.0)
    .bind(person.0)
    .fetch_optional(&mut *transaction)
    .await?;
    let account = AccountId(account.ok_or(Error::NotFound("account"))?);
    // Removing the factors of someone with more permissions would be halfway to those permissions.
    let mut transaction =
        refuse_outranked(backend, transaction, actor, Permission::ManageAccounts, person).await?;
    if !of_account(&mut transaction, actor.organisation, account).await?.any() {
        return Err(Error::conflict("no_factor", "There is no second factor to remove."));
    }
    if ways_in_over(backend, &mut transaction, actor, 1, None).await?.is_some() {
        return Err(Error::conflict(
            "needs_second_person",
            "You have opened a way in for as many people within a day as you can without approval. One-time codes, removed second factors and invitations to addresses that you changed count together. Ask someone else to remove this second factor.",
        ));
    }
    remove_apps(&mut transaction, actor.organisation, account).await?;
    remove_passkeys(&mut transaction, actor.organisation, account, None).await?;
    forget_recovery_codes(&mut transaction, actor.organisation, account).await?;
    note_reset(&mut transaction, actor.organisation, account, actor.account(), backend.now()).await?;
    let alert = staff_reset(&mut transaction, actor.organisation, &[account.0], "factors").await?;
    if let Some(alert) = alert {
        alerts::raise(backend, &mut transaction, actor, alert).await?;
    }
    let action = AuditAction::SecondFactorRemoved;
    let change = FactorChange { account, person, action, factor: "all" };
    changed_by_staff(backend, &mut transaction, actor, change).await?;
    transaction.commit().await?;
    Ok(())
}
