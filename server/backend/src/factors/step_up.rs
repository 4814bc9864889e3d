//! Step-up: confirming who you are within a session, before a sensitive action (OWASP ASVS 5.0, V7.5.3): with
//! the second factor, otherwise with the password, otherwise by signing in with the provider again.

use domain::authorization::policy::Permission;
use domain::credentials::password::Password;
use domain::factors::{PresentedFactor, ProofOutcome, STEP_UP_LASTS, StepUpBy};

use super::check::judge;
use crate::credentials::factors::of_account;
use crate::credentials::limits;
use crate::credentials::limits::PRESENT;
use crate::credentials::new_password::has_password;
use crate::credentials::password;
use crate::sessions::session::SignedIn;
use crate::tenancy::target::Own;
use crate::{Backend, Result};

/// Whether the last proof in a session is still recent enough.
pub fn has_recent_step_up(backend: &Backend, who: &SignedIn) -> bool {
    backend.now() < who.proven_at + STEP_UP_LASTS
}

/// How the signed-in person can step up. `None` if they have nothing to confirm with here: they start a new
/// session with their provider, which is told to ask them.
pub async fn step_up_by(backend: &Backend, who: &SignedIn) -> Result<Option<StepUpBy>> {
    let mut connection = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    let factors = of_account(&mut connection, who.actor.organisation, who.account).await?;
    if factors.any() {
        return Ok(Some(StepUpBy::SecondFactor { passkeys: !factors.passkeys.is_empty() }));
    }
    let by_password = has_password(backend, &mut connection, who.actor.organisation, who.account).await?;
    Ok(by_password.then_some(StepUpBy::Password))
}

/// Checks a second factor, or the typed password if there is none. If it is right, the session counts as
/// stepped up for [`STEP_UP_LASTS`].
#[tracing::instrument(skip_all, fields(account = %who.account))]
pub async fn step_up(backend: &Backend, who: &SignedIn, shown: &PresentedFactor) -> Result<ProofOutcome> {
    let organisation = who.actor.organisation;
    let judged = match (step_up_by(backend, who).await?, shown) {
        (Some(StepUpBy::SecondFactor { .. }), shown) => {
            judge(backend, organisation, who.account, shown).await?
        }
        (Some(StepUpBy::Password), PresentedFactor::Code(typed)) => {
            judge_password(backend, who, typed).await?
        }
        (Some(StepUpBy::Password), PresentedFactor::Passkey(_)) | (None, _) => ProofOutcome::Wrong,
    };
    if judged == ProofOutcome::Right {
        note(backend, who).await?;
    }
    Ok(judged)
}

/// Whether the signed-in person has a password that works; people who use single sign-on may have none.
pub async fn has_one(backend: &Backend, who: &SignedIn) -> Result<bool> {
    let organisation = who.actor.organisation;
    let mut connection = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    has_password(backend, &mut connection, organisation, who.account).await
}

/// Whether this is the current password of the signed-in person, within the limits.
pub(crate) async fn judge_password(backend: &Backend, who: &SignedIn, typed: &str) -> Result<ProofOutcome> {
    let attempt = [PRESENT.of(backend, who.account.0.as_bytes())];
    if !limits::take(backend, &attempt).await? {
        return Ok(ProofOutcome::Slowed);
    }
    let Ok(present) = Password::typed(typed) else { return Ok(ProofOutcome::Wrong) };
    let kept: Option<String> =
        sqlx::query_scalar("SELECT hash FROM passwords WHERE organisation_id = $1 AND account_id = $2")
            .bind(who.actor.organisation.0)
            .bind(who.account.0)
            .fetch_optional(&mut *backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction)
            .await?;
    if !password::verify(&present, kept).await? {
        return Ok(ProofOutcome::Wrong);
    }
    limits::give_back(backend, &attempt).await?;
    Ok(ProofOutcome::Right)
}

/// Records a proof in this session.
async fn note(backend: &Backend, who: &SignedIn) -> Result<()> {
    let mut transaction = backend.enter(&who.actor, Permission::OwnPortal, Own).await?.transaction;
    sqlx::query("UPDATE sessions SET proven_at = $3 WHERE organisation_id = $1 AND id = $2")
        .bind(who.actor.organisation.0)
        .bind(who.session.0)
        .bind(backend.now())
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}
