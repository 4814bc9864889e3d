//! Using an invitation: the person chooses a password and gets the account. Works once, even for concurrent
//! requests.

use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::credentials::password::PasswordError;
use domain::credentials::state::{AccountEvent, AccountState};
use domain::ids::AccountId;
use domain::messages::failure::DeliveryFailure;

use super::queries::{LoadedInvitation, end_all};
use crate::audit::{AuditEntry, record};
use crate::credentials::new_password::{choose, replace};
use crate::credentials::password;
use crate::sessions::visitor::Visitor;
use crate::{Backend, Result};

/// How an attempt to use an invitation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// The account is active and its owner may sign in.
    Active(AccountId),
    /// The password was not accepted; the invitation is still unused.
    PasswordRefused(PasswordError),
    /// The invitation cannot be used: it was used, has expired, was revoked, is another person's, or never
    /// existed. The response is the same for all of these.
    Ended,
}

/// Uses the invitation behind a link's token to set the password.
#[tracing::instrument(skip_all)]
pub async fn activate(
    backend: &Backend,
    visitor: &Visitor,
    token: &str,
    password: &str,
) -> Result<Activation> {
    let Some(hash) = backend.keys.invitations.link_hash(token) else { return Ok(Activation::Ended) };
    let found = LoadedInvitation::by_link(backend, &hash).await?;
    let Some(found) = found.filter(|found| found.is_live(backend.now()) && !found.password_is_off) else {
        return Ok(Activation::Ended);
    };
    let password = match choose(backend, found.account(), &found.password_rules(), password).await? {
        Ok(password) => password,
        Err(error) => return Ok(Activation::PasswordRefused(error)),
    };
    // Outside the transaction: a hash takes longer than a lock should be held.
    let password = password::hash(backend, &password).await?;

    let mut tx = backend.tenant_transaction(found.organisation()).await?;
    // Lock the account first, then its invitations, like every action, to avoid deadlocks.
    let state: Option<String> = sqlx::query_scalar(
        "SELECT state FROM accounts a
             WHERE organisation_id = $1 AND id = $2 AND account_is_valid(a, $3) FOR UPDATE",
    )
    .bind(found.organisation_id)
    .bind(found.account_id)
    .bind(backend.now())
    .fetch_optional(&mut *tx)
    .await?;
    let state = state
        .and_then(|state| AccountState::from_slug(&state))
        .and_then(|state| state.after(AccountEvent::Activate, state).ok());
    let Some(state) = state else { return Ok(Activation::Ended) };
    let now = backend.now();
    let spent = sqlx::query(
        "UPDATE invitations SET used_at = $2, opened_at = coalesce(opened_at, $2)
         WHERE id = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2",
    )
    .bind(found.id)
    .bind(now)
    .execute(&mut *tx)
    .await?;
    if spent.rows_affected() == 0 {
        return Ok(Activation::Ended);
    }
    end_all(&mut tx, found.organisation(), &[found.account_id], now, DeliveryFailure::NotNeeded).await?;
    replace(backend, &mut tx, found.organisation(), found.account(), &password, None).await?;
    sqlx::query("UPDATE accounts SET state = $2, activated_at = $3 WHERE id = $1")
        .bind(found.account_id)
        .bind(state.slug())
        .bind(now)
        .execute(&mut *tx)
        .await?;
    let actor = Actor::signed_in(found.organisation(), found.account(), found.person(), Vec::new())
        .at(visitor.source);
    let entry = AuditEntry::new(AuditAction::AccountActivated)
        .person(found.person())
        .subject("invitation", found.id().0);
    record(backend, &mut tx, &actor, entry).await?;
    tx.commit().await?;
    Ok(Activation::Active(found.account()))
}
