//! Changing your own password, with the current one.

use domain::audit::AuditAction;
use domain::authorization::policy::Permission;
use domain::credentials::password::PasswordError;
use domain::factors::ProofOutcome;

use crate::audit;
use crate::audit::AuditEntry;
use crate::credentials::new_password::{PasswordRules, SLOWED, choose, replace};
use crate::credentials::password;
use crate::factors::step_up::judge_password;
use crate::messages::notice::LoadedNotice;
use crate::messages::queue::tell_owner;
use crate::recovery::messages::PasswordChanged;
use crate::sessions::session;
use crate::sessions::session::SignedIn;
use crate::sessions::visitor::{Visitor, remember};
use crate::tenancy::target::Own;
use crate::{Backend, Error, Result};

/// How an attempt to change a password ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangePasswordOutcome {
    /// It was changed, and all other sessions have ended. Contains the new cookie by which the browser is
    /// recognised.
    Changed(String),
    /// The current password is wrong.
    WrongPresent,
    /// Too many attempts with a wrong current password, or too many changes.
    Slowed,
    /// The new password was not accepted.
    Refused(PasswordError),
}

/// Returns the rules for the signed-in person's new password.
pub async fn rules(backend: &Backend, who: &SignedIn) -> Result<PasswordRules> {
    PasswordRules::of(
        &mut backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction,
        who.actor.organisation,
        who.account,
    )
    .await
}

/// Changes the password of the signed-in person.
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn change_password(
    backend: &Backend,
    who: &SignedIn,
    visitor: &Visitor,
    present: &str,
    chosen: &str,
) -> Result<ChangePasswordOutcome> {
    match judge_password(backend, who, present).await? {
        ProofOutcome::Right => {}
        ProofOutcome::Wrong | ProofOutcome::ClockOff => return Ok(ChangePasswordOutcome::WrongPresent),
        ProofOutcome::Slowed => return Ok(ChangePasswordOutcome::Slowed),
    }
    let rules = rules(backend, who).await?;
    let chosen = match choose(backend, who.account, &rules, chosen).await {
        Ok(Ok(chosen)) => chosen,
        Ok(Err(error)) => return Ok(ChangePasswordOutcome::Refused(error)),
        Err(Error::Conflict { code: SLOWED, .. }) => return Ok(ChangePasswordOutcome::Slowed),
        Err(error) => return Err(error),
    };
    let hash = password::hash(backend, &chosen).await?;
    let organisation = who.actor.organisation;
    let mut transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    session::hold(&mut transaction, who).await?;
    replace(backend, &mut transaction, organisation, who.account, &hash, Some(who.session)).await?;
    tell_owner::<LoadedNotice<PasswordChanged>>(backend, &mut transaction, organisation, who.account).await?;
    let device = remember(backend, &mut transaction, organisation, who.account, visitor).await?;
    let entry = AuditEntry::new(AuditAction::PasswordChanged).person(who.person);
    audit::record(backend, &mut transaction, &who.actor, entry).await?;
    transaction.commit().await?;
    Ok(ChangePasswordOutcome::Changed(device))
}
